import { problem } from '#contracts/errors.js';
import type { InvoiceCommand } from '#contracts/commands/invoice.js';
import { derivedUuid, toCommandId, type Sha256 } from '#contracts/kernel/ids.js';
import { Problem } from '#contracts/kernel/problem.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { ObjectStore } from '#platform/object-store/port.js';
import { handleCommand, type Handled } from '../handle-command.js';
import { invoiceDecider } from '../invoice/decide.js';
import type { Existing, InvoiceState } from '../invoice/state.js';
import type { DocumentJudge } from '../intake/documents.js';
import { invoiceStream } from '../intake/submit.js';
import { keepFullVerdict } from '../judging/keep-verdict.js';
import type { DocumentSource } from './sources/port.js';
import type { WorkItem } from './work-table.js';

export type Trace = <Result>(name: string, parent: string | null, work: (traceparent: string | undefined) => Promise<Result>) => Promise<Result>;

export interface AttemptDependencies {
  readonly store: EventStore;
  readonly objects: ObjectStore;
  readonly documents: DocumentJudge;
  readonly sources: readonly DocumentSource[];
  readonly maxDocumentBytes: number;
  readonly retentionYears: number;
  readonly trace: Trace;
  /** Told once the file lies in the object store, so that a crash after it does not fetch again. */
  readonly onFetched: (item: WorkItem, sha256: Sha256) => Promise<void>;
}

/** One attempt at one invoice: start, fetch, checksum, validate, compress, archive. Every step may be repeated: its event ids derive from (invoice, attempt, step). */
export class Attempt {
  /** What the last step left of the stream, for the next one. */
  #last: Handled<InvoiceState> | undefined;

  /** @param begun the stream as its first event left it, where that is known: spares loading it */
  constructor(private readonly dependencies: AttemptDependencies, private readonly item: WorkItem, private readonly signal: AbortSignal, begun?: Handled<InvoiceState>) {
    this.#last = begun;
  }

  /** Runs to the end of the attempt. @throws Problem of a technical cause; the caller schedules the retry */
  async run(): Promise<void> {
    const { attempt } = this.item;
    const started = await this.#command('start', { kind: 'start-processing', attempt });
    const { state } = started;
    if (state.status === 'absent' || state.attempt !== attempt) return;
    if (state.status === 'validated') return this.#archive(state.file.sha256);
    if (state.status !== 'processing') return;
    const sha256 = await this.#obtain(state);
    if (sha256 === undefined) return;
    const bytes = await this.dependencies.objects.get(sha256);
    if (!bytes) throw problem('object-store-unavailable', { reason: 'the original is not there' });
    const passed = await this.#judge(sha256, bytes, state);
    if (passed) await this.#archive(sha256, bytes);
  }

  /** Technical end of the attempt, told as an event. */
  async fail(cause: Problem, retriesExhausted: boolean): Promise<void> {
    const { found, declared } = cause.detail;
    const { attempt } = this.item;
    await this.#command('fail', {
      kind: 'record-failure', attempt, code: cause.code, reason: cause.message.slice(0, 600), retriesExhausted,
      ...(typeof found === 'string' && { found }),
      ...(typeof declared === 'string' && { declared }),
    });
  }

  async announceRetry(cause: Problem, notBefore: Date): Promise<void> {
    const { attempt, retries } = this.item;
    const retry = retries + 1;
    await this.#command(`retry-${retry}`, { kind: 'schedule-retry', attempt, retry, code: cause.code, cause: cause.message.slice(0, 600), notBefore: notBefore.toISOString() });
  }

  /** The hash of the bytes in the object store; undefined when the attempt ended here. */
  async #obtain({ file }: Existing): Promise<Sha256 | undefined> {
    if (file.kind === 'stored') return file.sha256;
    if (this.item.fetched) return this.item.fetched;
    try {
      const sha256 = await this.#traced('download', () => this.#fetch(file.url, file.sha256));
      await this.dependencies.onFetched(this.item, sha256);
      return sha256;
    } catch (error) {
      if (!(error instanceof Problem) || !isFinal(error)) throw error;
      await this.fail(error, false);
      return undefined;
    }
  }

  async #fetch(url: string, declared: Sha256): Promise<Sha256> {
    const { sources, objects, maxDocumentBytes } = this.dependencies;
    const scheme = URL.canParse(url) ? new URL(url).protocol : '';
    const source = sources.find((candidate) => candidate.schemes.includes(scheme));
    if (!source) throw problem('url-not-allowed', { reason: `the scheme ${scheme} is not fetched` });
    const { sha256 } = await source.fetch(url, (body) => objects.put(body, { expected: declared, maxBytes: maxDocumentBytes }), this.signal);
    return sha256;
  }

  async #judge(sha256: Sha256, bytes: Uint8Array, { claim, claimed }: Existing): Promise<boolean> {
    return this.#traced('validate', async () => {
      const { read, ...judged } = await this.dependencies.documents.judge(bytes, claimed ? claim : undefined);
      const verdict = await keepFullVerdict(this.dependencies.objects, judged);
      const { attempt } = this.item;
      const handled = await this.#command('judge', { kind: 'record-verdict', attempt, sha256, verdict, ...(read.kind === 'document' && { facts: read.facts }) });
      return handled.state.status === 'validated';
    });
  }

  async #archive(sha256: Sha256, bytes?: Uint8Array): Promise<void> {
    const { attempt } = this.item;
    const archived = await this.#traced('compress', () => this.dependencies.objects.archive(sha256, bytes));
    const { key, originalSize, compressedSize } = archived;
    const retentionUntil = yearsFrom(new Date(), this.dependencies.retentionYears);
    await this.#traced('archive', () => this.#command('archive', { kind: 'record-archive', attempt, objectKey: key, sha256, originalSize, compressedSize, retentionUntil }));
  }

  #traced<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    return this.dependencies.trace(name, this.item.traceparent, work);
  }

  async #command(step: string, command: InvoiceCommand): Promise<Handled<InvoiceState>> {
    const { invoice, attempt, correlationId, traceparent } = this.item;
    const commandId = toCommandId(derivedUuid('process', invoice, String(attempt), step));
    const context = { commandId, correlationId, actor: { kind: 'system', id: 'processor' } as const, occurredAt: new Date().toISOString(), ...(traceparent !== null && { traceparent }), ...(this.#last && { after: this.#last }) };
    this.#last = await handleCommand(this.dependencies.store, invoiceDecider, invoiceStream(invoice), command, context);
    return this.#last;
  }
}

const FINAL = new Set(['checksum-mismatch', 'url-not-allowed', 'body-too-large', 'original-corrupt']);

/** Whether repeating the step cannot help. */
export const isFinal = (cause: Problem): boolean => FINAL.has(cause.code) || cause.detail['final'] === true;

/** A calendar day, so many years after an instant (UTC). */
function yearsFrom(instant: Date, years: number): string {
  const day = new Date(instant);
  day.setUTCFullYear(day.getUTCFullYear() + years);
  return day.toISOString().slice(0, 10);
}

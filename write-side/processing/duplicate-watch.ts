import { decodeTrusted } from '#contracts/events/decode.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import { businessKeyOf } from '#contracts/invoice/duplicates.js';
import { derivedUuid, toCommandId, toCorrelationId, toInvoiceId } from '#contracts/kernel/ids.js';
import type { Position } from '#contracts/kernel/position.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import type { EventStore, LogPage } from '#platform/event-store/port.js';
import { tryHold } from '#platform/postgres/advisory-lock.js';
import { pause } from '#platform/wake.js';
import { handleCommand } from '../handle-command.js';
import { invoiceStream } from '../intake/submit.js';
import { invoiceDecider } from '../invoice/decide.js';
import type { BusinessKeys, Keyed } from './business-keys.js';

export interface DuplicateWatchOptions {
  readonly store: EventStore;
  readonly keys: BusinessKeys;
  /** Where the watch holds its name, so that it is one over all processes. */
  readonly database: ConnectionSettings;
  readonly onError?: (error: unknown) => void;
  /** Between two looks whether it is alone (ms, default 2 s). */
  readonly lookMs?: number;
  /** At the head of the log, between two looks at it (ms, default 500). */
  readonly gatherMs?: number;
}

const FILTER = { typePrefixes: ['fiscal.invoice.validated'] };
const NAME = 'folio duplicates';
const BATCH = 500;
const LOOK_MS = 2_000;
const OUTAGE_MS = 500;
const GATHER_MS = 500;

/**
 * Tells of each validated invoice whose business key (issuer, series, number, total) an earlier one of the log has: in the later stream, blocking nothing.
 * One process does it at a time, in the order of the log. What it says is appended before its checkpoint moves, and saying it twice says it once.
 */
export class DuplicateWatch {
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;
  #position: Position | undefined;

  constructor(private readonly options: DuplicateWatchOptions) {}

  start(): void {
    this.#loop = this.#run();
  }

  /** Where it stands in the log; undefined while another process does it. */
  get position(): Position | undefined {
    return this.#position;
  }

  /** Validated invoices that it has not looked at; undefined while another process does it, or where the log cannot count them. */
  async behind(): Promise<number | undefined> {
    const { behind } = this.#position === undefined ? { behind: null } : await this.options.store.status(this.#position, FILTER);
    return behind ?? undefined;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { database, onError, lookMs = LOOK_MS } = this.options;
    while (!signal.aborted) {
      try {
        const hold = await tryHold(database, NAME);
        if (!hold) {
          await pause(lookMs, signal);
          continue;
        }
        await this.#follow(AbortSignal.any([signal, hold.lost])).finally(() => hold.release());
      } catch (error) {
        onError?.(error);
        await pause(OUTAGE_MS, signal);
      } finally {
        this.#position = undefined;
      }
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { store, keys, gatherMs = GATHER_MS } = this.options;
    const { logId } = await store.status();
    const after = await keys.checkpoint(logId);
    this.#position = after;
    for await (const page of store.subscribe({ after, filter: FILTER, batchSize: BATCH, signal })) {
      for (const { invoice, key, of } of await keys.take(keyedOf(page))) {
        const commandId = toCommandId(derivedUuid('duplicate', invoice, of));
        const context = { commandId, correlationId: toCorrelationId(`duplicates-${invoice}`), actor: { kind: 'system', id: 'duplicates' } as const, occurredAt: new Date().toISOString() };
        await handleCommand(store, invoiceDecider, invoiceStream(invoice), { kind: 'suspect-duplicate', of, key }, context);
      }
      // Pages without anything may be looked at again.
      if (page.events.length > 0) await keys.save(logId, page.scannedTo);
      this.#position = page.scannedTo;
      // Nobody waits for it: what comes meanwhile is looked at together, in one commit instead of hundreds.
      if (!page.atHead) continue;
      await pause(gatherMs, signal);
    }
  }
}

function keyedOf(page: LogPage): readonly Keyed[] {
  return page.events.flatMap((envelope) => {
    const event = decodeTrusted(envelope) as InvoiceEvent;
    if (event.type !== 'fiscal.invoice.validated') return [];
    const key = businessKeyOf(event.data.facts);
    return key === undefined ? [] : [{ key, invoice: toInvoiceId(event.stream.slice('invoice-'.length)) }];
  });
}

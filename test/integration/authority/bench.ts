import type { AuthorityAnswer } from '#contracts/invoice/authority.js';
import { decodeTrusted } from '#contracts/events/decode.js';
import type { InvoiceEvent } from '#contracts/events/invoice.js';
import type { InvoiceId } from '#contracts/kernel/ids.js';
import { SatStatusService, type SatStatusLimits } from '#platform/outbound/sat-status.js';
import { migrate } from '#platform/postgres/migrate.js';
import { generatedCfdi } from '../../../cli/demo/index.js';
import type { AskOutcome } from '../../../write-side/authority/asker.js';
import { AuthorityChecks } from '../../../write-side/authority/check-table.js';
import { satStatus } from '../../../write-side/authority/sat.js';
import { AUTHORITY_MIGRATIONS } from '../../../write-side/authority/schema.js';
import { AuthorityWatch, type AuthorityWatchOptions } from '../../../write-side/authority/watch.js';
import { invoiceStream, submitDocument } from '../../../write-side/intake/submit.js';
import type { Documents } from '../../../write-side/intake/documents.js';
import { readBytes } from '../../../write-side/judging/judge-bytes.js';
import type { ProcessManager } from '../../../write-side/processing/process-manager.js';
import { judgePlain, ProcessingBench, someContext } from '../../support/processing.js';
import { until } from '../../support/until.js';
import { SatServer } from '../outbound/sat-server.js';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Real documents, all of them right. */
export const allRight: Documents = { read: readBytes, judge: async (bytes) => judgePlain(readBytes(bytes)) };

/** What a log says of an invoice that the authority said. */
export const toldIn = (events: readonly InvoiceEvent[]): AuthorityAnswer['status'][] => events.flatMap((event) => (event.type === 'fiscal.invoice.authority-status-reported' ? [event.data.answer.status] : []));

/** A processor and the SAT's service on this machine, with a clock that a test moves. */
export class AuthorityBench {
  readonly outcomes: AskOutcome[] = [];
  readonly errors: unknown[] = [];
  readonly #watches: AuthorityWatch[] = [];
  #ahead = 0;
  #documents = 0;

  private constructor(readonly bench: ProcessingBench, readonly manager: ProcessManager, readonly server: SatServer) {}

  static async open(): Promise<AuthorityBench> {
    const bench = await ProcessingBench.open();
    await migrate(bench.database, AUTHORITY_MIGRATIONS);
    return new AuthorityBench(bench, bench.manager({ documents: allRight }), await SatServer.open());
  }

  readonly now = (): Date => new Date(Date.now() + this.#ahead);

  /** So much time passes. */
  pass(ms: number): void {
    this.#ahead += ms;
  }

  get checks(): AuthorityChecks {
    return new AuthorityChecks(this.bench.pool);
  }

  watch(options: Partial<AuthorityWatchOptions> = {}, limits: Partial<SatStatusLimits> = {}): AuthorityWatch {
    const watch = new AuthorityWatch({
      store: this.bench.store, objects: this.bench.objects, checks: this.checks, database: this.bench.database, authority: satStatus(new SatStatusService(this.server.address, limits)), perSecond: 1_000, now: this.now,
      aloneMs: 20, gatherMs: 5, lookMs: 5, outageMs: 5, onAsked: (outcome) => this.outcomes.push(outcome), onError: (error) => this.errors.push(error), ...options,
    });
    this.#watches.push(watch);
    watch.start();
    return watch;
  }

  async archived(bytes = generatedCfdi({ index: (this.#documents += 1) })): Promise<InvoiceId> {
    const { store, objects } = this.bench;
    const { id } = await submitDocument({ store, objects, documents: allRight, maxDocumentBytes: 1_000_000 }, { bytes, mediaType: 'application/xml', channel: 'upload' }, someContext());
    await until(async () => (await this.bench.history(id)).includes('archived'));
    return id;
  }

  async told(id: InvoiceId): Promise<AuthorityAnswer['status'][]> {
    return toldIn((await this.bench.store.readStream(invoiceStream(id))).map((event) => decodeTrusted(event) as InvoiceEvent));
  }

  /** So many questions have an outcome. */
  settled(count: number): Promise<void> {
    return until(() => this.outcomes.length >= count);
  }

  /** Row of the question about an invoice. */
  async row(id: InvoiceId): Promise<{ readonly due_at: Date | null; readonly wanted: boolean; readonly missing: number; readonly failures: number; readonly settled: number } | undefined> {
    const { rows } = await this.bench.pool.query('SELECT due_at, wanted, missing, failures, settled FROM authority_check WHERE invoice = $1', [id]);
    return rows[0] as never;
  }

  async stop(watch: AuthorityWatch): Promise<void> {
    this.#watches.splice(this.#watches.indexOf(watch), 1);
    await watch.stop();
  }

  async close(): Promise<void> {
    await Promise.all([this.manager.stop(), ...this.#watches.map((watch) => watch.stop())]);
    this.server.close();
    await this.bench.close();
  }
}

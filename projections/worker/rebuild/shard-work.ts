import pg from 'pg';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { ended } from '#platform/read-store/connection.js';
import { isShardGone } from '../reshard/availability.js';
import type { Governor } from './governor.js';

/** Pieces of work of one shard at a time. */
const PARALLEL = 2;
const SETTINGS = '-c synchronous_commit=off -c work_mem=64MB -c maintenance_work_mem=128MB -c max_parallel_maintenance_workers=0';

export interface ShardWorkOptions {
  /** Aborted: what is under way comes to its end, unless it waits for a shard that is gone; nothing else begins. */
  readonly signal: AbortSignal;
  /** While it is busy there is one piece at a time. */
  readonly governor: Pick<Governor, 'isBusy'>;
}

interface Piece {
  readonly rank: number;
  readonly work: (client: pg.Client) => Promise<unknown>;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Long statements on one shard, several side by side on connections of their own. */
export class ShardWork {
  readonly #settings: ConnectionSettings;
  readonly #options: ShardWorkOptions;
  readonly #clients: pg.Client[] = [];
  readonly #free: pg.Client[] = [];
  readonly #waiting: Piece[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
  readonly #abandon = (): void => { if (isShardGone(this.#options.signal)) for (const client of this.#clients) void ended(client); };

  constructor(settings: ConnectionSettings, options: ShardWorkOptions) {
    this.#settings = settings;
    this.#options = options;
    options.signal.addEventListener('abort', this.#abandon, { once: true });
  }

  /** Of what waits, the lowest rank begins first. @throws the first failure of any piece, after which none begins */
  do(rank: number, work: Piece['work']): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ rank, work, done: resolve, failed: reject });
      this.#next();
    });
  }

  #next(): void {
    const { signal, governor } = this.#options;
    if (signal.aborted) this.#failure ??= { error: signal.reason };
    while (this.#waiting.length > 0 && (this.#failure !== undefined || this.#underWay.size < (governor.isBusy ? 1 : PARALLEL))) {
      const lowest = Math.min(...this.#waiting.map(({ rank }) => rank));
      const [piece] = this.#waiting.splice(this.#waiting.findIndex(({ rank }) => rank === lowest), 1);
      if (!piece) return;
      if (this.#failure) piece.failed(this.#failure.error);
      else this.#begin(piece);
    }
  }

  #begin({ work, done, failed }: Piece): void {
    const running = this.#run(work).then(done, (error: unknown) => {
      failed(error);
      this.fail(error);
    }).finally(() => {
      this.#underWay.delete(running);
      this.#next();
    });
    this.#underWay.add(running);
  }

  async #run(work: Piece['work']): Promise<void> {
    const client = this.#free.pop() ?? (await this.#connected());
    await work(client);
    this.#free.push(client);
  }

  async #connected(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.#settings, connectionTimeoutMillis: 3_000, application_name: 'folio-rebuild', options: SETTINGS });
    client.on('error', () => undefined);
    this.#clients.push(client);
    await client.connect();
    return client;
  }

  /** Nothing else begins; what waits fails with this. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#next();
  }

  /** Resolves when what is under way has come to its end; nothing else begins. */
  async close(): Promise<void> {
    this.fail(new Error('the work on a shard was closed'));
    await Promise.all(this.#underWay);
    this.#options.signal.removeEventListener('abort', this.#abandon);
    await Promise.all(this.#clients.map(ended));
  }
}

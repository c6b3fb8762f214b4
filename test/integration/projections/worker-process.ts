import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { slotOf, SLOTS } from '#contracts/routing.js';
import { ControlDatabase } from '#platform/control/database.js';
import { Pointer } from '#platform/control/pointer.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { ProgressHub } from '#platform/progress/hub.js';
import { evenSlots, Shards } from '#platform/read-store/shards.js';
import { DAILY_REPORT } from '../../../projections/daily-report/store.js';
import { INVOICE_SUMMARY } from '../../../projections/invoice-summary/store.js';
import { startProjections } from '../../../projections/role.js';

/** A summary, whose rows carry a revision, and a report, whose tallies would show every event that counts twice. */
export const WORKED: readonly [typeof INVOICE_SUMMARY, typeof DAILY_REPORT] = [INVOICE_SUMMARY, DAILY_REPORT];

export interface WorkerPlace {
  readonly owner: string;
  readonly log: ConnectionSettings;
  readonly control: ConnectionSettings;
  readonly shard: ConnectionSettings;
}

/** `held`: a batch is folded and waits to be committed. `committed`: it was. `fault`: a session ended, and why. */
export type Word = { readonly kind: 'held' | 'committed' | 'fault'; readonly projection: string; readonly reason?: string };
type Order = 'hold' | 'go';

/** Live workers of `WORKED` in a process of their own, for as long as the test lets it live. */
export class WorkerProcess {
  readonly words: Word[] = [];
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  constructor(place: WorkerPlace) {
    this.#child = fork(fileURLToPath(import.meta.url), { env: { ...process.env, FOLIO_TEST_WORKER: JSON.stringify(place) }, execArgv: [] });
    this.#child.on('message', (word) => this.words.push(word as Word));
    this.#exited = once(this.#child, 'exit');
  }

  /** From now on batches stop before their commit, until `go`. */
  order(order: Order): void {
    this.#child.send(order);
  }

  /** SIGSTOP and SIGCONT are a long pause of the machine; SIGKILL is the end. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    this.#child.kill(signal);
  }

  /** The first thing said of the projection after so many words. */
  saidAfter(words: number, projection: string): Word | undefined {
    return this.words.slice(words).find((word) => word.projection === projection);
  }

  async end(): Promise<void> {
    this.signal('SIGKILL');
    await this.#exited;
  }
}

async function work({ owner, log, control: controlSettings, shard }: WorkerPlace): Promise<void> {
  const eventStore = new PostgresEventStore({ read: log });
  const control = new ControlDatabase(controlSettings);
  const say = (word: Word): void => void process.send?.(word);
  let go: (() => void) | undefined;
  let held: Promise<void> | undefined;
  process.on('message', (order: Order) => {
    if (order === 'hold') held = new Promise((resolve) => (go = resolve));
    else {
      held = undefined;
      go?.();
    }
  });
  await startProjections({
    eventStore, rebuildStore: eventStore, shards: new Shards({ shards: [shard], slots: evenSlots(SLOTS, 1), slotOf, readers: 1 }), control, pointer: new Pointer(control, 'read-models'),
    progress: new ProgressHub(), owner, projections: WORKED, logger: { info: () => undefined, warn: () => undefined }, recordSwitch: () => Promise.resolve(),
    hooks: {
      beforeCommit: async (projection) => {
        if (held) say({ kind: 'held', projection });
        await held;
      },
      onBatch: ({ projection }) => say({ kind: 'committed', projection }),
      onFault: ({ projection, error }) => say({ kind: 'fault', projection, reason: String(error) }),
    },
  });
}

const given = process.env['FOLIO_TEST_WORKER'];
if (given !== undefined) {
  // Without the test there is nobody to work for.
  process.on('disconnect', () => process.exit(1));
  await work(JSON.parse(given) as WorkerPlace);
}

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';
import { FolderObjectStore } from '#platform/object-store/folder.js';
import { SatStatusService } from '#platform/outbound/sat-status.js';
import { AuthorityChecks } from '../../../write-side/authority/check-table.js';
import { satStatus } from '../../../write-side/authority/sat.js';
import { AuthorityWatch } from '../../../write-side/authority/watch.js';
import type { PostgresLog } from '../../support/event-store.js';
import { HOUR } from './bench.js';

export interface MortalWatch {
  readonly log: Pick<PostgresLog, 'append' | 'read'>;
  readonly database: ConnectionSettings;
  readonly folder: string;
  readonly address: string;
  /** Where it ends as by a cut of power: before a page is noted, after an answer was told and before that is on record, or, after all questions are settled, nowhere. */
  readonly dies: 'noting' | 'told' | 'never';
  readonly questions: number;
}

/** A watch in a process of its own. @returns the signal that ended it; undefined where it had done everything */
export async function runMortalWatch(mortal: MortalWatch): Promise<NodeJS.Signals | undefined> {
  const child = fork(fileURLToPath(import.meta.url), { env: { ...process.env, FOLIO_TEST_MORTAL_WATCH: JSON.stringify(mortal) }, execArgv: [] });
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal ?? undefined;
}

const end = (): void => void process.kill(process.pid, 'SIGKILL');

class MortalChecks extends AuthorityChecks {
  constructor(pool: pg.Pool, private readonly dies: MortalWatch['dies']) {
    super(pool);
  }

  override async note(...page: Parameters<AuthorityChecks['note']>): Promise<void> {
    if (this.dies === 'noting') end();
    await super.note(...page);
  }

  override async settle(...settled: Parameters<AuthorityChecks['settle']>): Promise<void> {
    if (this.dies === 'told') end();
    await super.settle(...settled);
  }
}

async function live({ log, database, folder, address, dies, questions }: MortalWatch): Promise<void> {
  const pool = new pg.Pool({ ...database, max: 3 });
  const store = new PostgresEventStore({ append: log.append, read: log.read });
  let answered = 0;
  const watch = new AuthorityWatch({
    store, objects: new FolderObjectStore(folder), checks: new MortalChecks(pool, dies), authority: satStatus(new SatStatusService(address)), database, perSecond: 1_000, lookMs: 5, gatherMs: 5, aloneMs: 5,
    now: () => new Date(Date.now() + HOUR),
    onAsked: () => {
      answered += 1;
      if (answered === questions) void watch.stop().then(() => Promise.all([store.close(), pool.end()])).then(() => process.disconnect());
    },
  });
  watch.start();
}

const given = process.env['FOLIO_TEST_MORTAL_WATCH'];
if (given !== undefined) await live(JSON.parse(given) as MortalWatch);

import type pg from 'pg';
import { isAfter, ORIGIN } from '#contracts/kernel/position.js';
import type { EventStore } from '#platform/event-store/port.js';
import { schemaOf } from '#platform/read-store/table.js';
import { pause } from '#platform/wake.js';
import { folderOf } from '../../kit/fold.js';
import type { ProjectedRow, Projection, RowProjection } from '../../kit/projection.js';
import { typePrefixOf } from '../../kit/topics.js';
import { idOfStream } from '../batch.js';
import type { WorkerContext } from '../context.js';
import { readLog } from '../rebuild/pass.js';
import { standsOf, type Stands } from './stands.js';

/** Ids of one page of a table. */
const PAGE = 5_000;
/** A table that is kept current reaches within this time what an index had a moment ago. */
const WAIT_MS = 2_000;
const LOOK_MS = 20;

/** Reads the ids of all rows that there should be, as often as it is called, page by page. */
export type ExpectedIds = () => AsyncIterable<readonly string[]>;

export interface ExpectedOptions {
  readonly context: WorkerContext;
  readonly store: Pick<EventStore, 'readAll'>;
  readonly projection: Projection<ProjectedRow>;
  /** A table with a row for each stream that has one here. */
  readonly table: RowProjection | undefined;
  /** Where the rows stood that are looked for. */
  readonly stands: Stands;
  readonly signal: AbortSignal;
}

/** From a table that has come at least as far, because that is read in seconds; otherwise from the log. */
export async function expectedIds(options: ExpectedOptions): Promise<ExpectedIds> {
  const { context, table, signal } = options;
  const generation = table && context.pointer.generationOf(table.name);
  if (table && generation !== undefined && (await hasReached(options, table.name, generation))) return () => idsOfTable(context.shards.poolsOf(context.pointer.current().slots), table, generation, signal);
  return () => idsOfLog(options);
}

async function hasReached({ context, stands, signal }: ExpectedOptions, table: string, generation: number): Promise<boolean> {
  const deadline = performance.now() + WAIT_MS;
  do {
    const there = await standsOf(context.shards.poolsOf(context.pointer.current().slots), table, generation);
    if ([...stands].every(([lane, position]) => !isAfter(position, there.get(lane) ?? ORIGIN))) return true;
    await pause(LOOK_MS, signal);
  } while (performance.now() < deadline && !signal.aborted);
  return false;
}

async function* idsOfTable(pools: readonly pg.Pool[], { name, table }: RowProjection, generation: number, signal: AbortSignal): AsyncIterable<readonly string[]> {
  for (const pool of pools) {
    for (let after: string | undefined, more = true; more;) {
      signal.throwIfAborted();
      const text = `SELECT id FROM ${schemaOf(name, generation)}.${table.name} ${after === undefined ? '' : 'WHERE id > $1'} ORDER BY id LIMIT ${PAGE}`;
      const { rows } = await pool.query<{ id: string }>(text, after === undefined ? [] : [after]);
      yield rows.map(({ id }) => id);
      after = rows.at(-1)?.id;
      more = rows.length === PAGE;
    }
  }
}

async function* idsOfLog({ store, projection, signal }: ExpectedOptions): AsyncIterable<readonly string[]> {
  const folder = folderOf(projection);
  for await (const { events } of readLog(store, { filter: { typePrefixes: projection.topics.map(typePrefixOf) }, signal })) {
    yield events.filter((event) => event.revision === 0 && folder.hasRow(event)).map(({ stream }) => idOfStream(stream));
  }
}

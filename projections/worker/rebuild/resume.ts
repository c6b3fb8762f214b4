import { hash } from 'node:crypto';
import type pg from 'pg';
import { z } from 'zod';
import type { Lane } from '#contracts/kernel/lane.js';
import { parsePosition, type Position } from '#contracts/kernel/position.js';
import { schemaOf, type TableSpec } from '#platform/read-store/table.js';
import type { FillJob } from './job.js';
import { emptyTallies } from './tally-parts.js';

/** How far a rebuild has come and what its rows add up to; whatever was written behind it is deleted before it goes on. */
export interface FillMark {
  readonly position: Position;
  /** The pass is over: indexes are next. */
  readonly complete: boolean;
  /** Of each shard: lane → rows and sum of their hashes. */
  readonly digests: readonly Readonly<Record<Lane, { readonly rows: number; readonly sum: string }>>[];
  /** What must be the same for it to be gone on with. */
  readonly identity: string;
}

const MARK = z.object({
  mark: z.object({
    position: z.string(), complete: z.boolean(), identity: z.string(), digests: z.array(z.record(z.string(), z.object({ rows: z.int(), sum: z.string().regex(/^\d{1,39}$/u) }))),
  }),
});

/** What lies in the tables behind a mark: raised when that changes. */
const FORM = 3;

/** Rows of another log, with other skips, of another shape or layout, or left by a program that left them otherwise, are not gone on with. */
export const identityOf = ({ logId, skipped, until, projection, slots }: FillJob): string =>
  JSON.stringify([FORM, logId, [...skipped].sort(), until ?? null, hash('sha256', slots.join()), 'table' in projection ? projection.table.columns.map(({ name, type }) => [name, type]) : []]);

export async function savedMark(job: FillJob): Promise<FillMark | undefined> {
  const { data } = MARK.safeParse(await job.context.generations.progressOf(job.projection.name, job.generation));
  const position = data && parsePosition(data.mark.position);
  return data && position !== undefined && data.mark.identity === identityOf(job) ? { ...data.mark, position } : undefined;
}

export const saveMark = (job: FillJob, mark: FillMark): Promise<void> => job.context.generations.saveProgress(job.projection.name, job.generation, { mark });

/** Takes one shard back to the mark. A row that was written behind it is of a stream that began behind it, and has only later positions. */
export async function takeBack(client: Pick<pg.Client, 'query'>, { projection: { name }, generation }: FillJob, table: string, tallies: TableSpec<unknown> | undefined, position: Position): Promise<void> {
  const schema = schemaOf(name, generation);
  await client.query(`DELETE FROM ${schema}.${table} WHERE position > $1`, [position]);
  for (const kept of ['quarantine', 'quarantine_event']) await client.query(`DELETE FROM ${kept} WHERE projection = $1 AND generation = $2 AND position > $3`, [name, generation, position]);
  if (tallies !== undefined) await client.query(emptyTallies(schema, tallies));
}

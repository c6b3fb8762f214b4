import { isAfter } from '#contracts/kernel/position.js';
import type { WorkerContext } from '../context.js';
import { collected, eachAtOnce } from '../at-once.js';
import { Buckets } from './buckets.js';
import type { ExpectedIds } from './expected-ids.js';
import { standOf, standsOf } from './stands.js';
import type { DocumentVerifier, Scannable } from './verify-documents.js';

/** Rows that are asked for together, and streams that are read at a time. */
const CHUNK = 500;
const STREAMS_AT_ONCE = 16;

export interface IdsOptions {
  readonly context: WorkerContext;
  readonly projection: Scannable;
  readonly generation: number;
  /** It has seen every row, and takes what is found. */
  readonly verifier: DocumentVerifier;
  readonly expected: ExpectedIds;
}

/** Finds the rows that are missing and those that are too many: those of the few buckets whose ids are not the expected ones are looked at one by one. */
export async function verifyIds(options: IdsOptions): Promise<void> {
  const { projection, generation, verifier, expected } = options;
  const wanted = new Buckets();
  for await (const ids of expected()) for (const id of ids) wanted.add(id);
  const differs = verifier.seen.differing(wanted);
  if (!differs) return;
  for await (const ids of expected()) {
    const suspects = ids.filter(differs);
    for (let from = 0; from < suspects.length; from += CHUNK) await noteMissing(options, suspects.slice(from, from + CHUNK));
  }
  for await (const page of projection.store.scan(generation)) {
    await eachAtOnce(page.map(({ id }) => id).filter(differs), STREAMS_AT_ONCE, async (id) => {
      const { events } = await verifier.folds.fold(id, ({ revision }) => revision === 0);
      if (events === 0) verifier.note(id, [{ table: verifier.noun, key: id, column: 'id', live: id, next: null }]);
    });
  }
}

/**
 * A row is missing when its stream has one up to where the lane stands, and is not in quarantine. The order is what makes this sound: the lane is
 * read before the row is looked for (rows are written first), and the row once more after the quarantine (a release writes it first).
 */
async function noteMissing({ context, projection, generation, verifier }: IdsOptions, ids: readonly string[]): Promise<void> {
  const absent = async (asked: readonly string[]): Promise<readonly string[]> => {
    const there = new Set((await collected(projection.store.scan(generation, asked))).map(({ id }) => id));
    return asked.filter((id) => !there.has(id));
  };
  const pools = context.shards.pools.slice(0, 1);
  const stands = await standsOf(pools, projection.name, generation);
  const suspects: string[] = [];
  verifier.folds.readSkipsAgain();
  await eachAtOnce(await absent(ids), STREAMS_AT_ONCE, async (id) => {
    const { row } = await verifier.folds.fold(id, (event) => !isAfter(event.position, standOf(stands, event)));
    if (row) suspects.push(id);
  });
  if (suspects.length === 0) return;
  const parked = await parkedIds(pools, projection.name, generation);
  for (const id of await absent(suspects.filter((one) => !parked.has(one)))) verifier.note(id, [{ table: verifier.noun, key: id, column: 'id', live: null, next: id }]);
}

async function parkedIds(pools: WorkerContext['shards']['pools'], projection: string, generation: number): Promise<ReadonlySet<string>> {
  const found = await Promise.all(pools.map((pool) => pool.query<{ id: string }>(`SELECT substr(stream, strpos(stream, '-') + 1) AS id FROM quarantine WHERE projection = $1 AND generation = $2`, [projection, generation])));
  return new Set(found.flatMap(({ rows }) => rows.map(({ id }) => id)));
}

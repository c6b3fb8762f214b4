import type { VerificationReport } from '#contracts/queries.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { RowProjection } from '../../kit/projection.js';
import type { WorkerContext } from '../context.js';
import { expectedIds } from './expected-ids.js';
import { standsOf } from './stands.js';
import { DocumentVerifier, type Scannable } from './verify-documents.js';
import { verifyIds } from './verify-ids.js';

export interface DerivedVerification {
  readonly context: WorkerContext;
  readonly store: Pick<EventStore, 'readAll'>;
  readonly projection: Scannable;
  readonly generation: number;
  /** A table with a row for each stream that has one here: it tells which there should be. */
  readonly table?: RowProjection | undefined;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/**
 * Reads every row of a generation that lies in an index or a cache: is each what was written, or what its stream gives; does an index have all of them
 * and no others? A cache may lack any. No digest is kept of such rows, because they are written outside of any transaction. Nothing is changed, the
 * live worker goes on meanwhile. @throws Problem search-unavailable | upstream-unavailable | store-unavailable
 */
export async function verifyDerived({ context, store, projection, generation, table, signal }: DerivedVerification): Promise<VerificationReport> {
  const stands = await standsOf(context.shards.pools.slice(0, 1), projection.name, generation);
  const verifier = new DocumentVerifier(context, projection, generation);
  await verifier.all(signal);
  if (projection.store.beginsAtHead !== true) {
    const expected = await expectedIds({ context, store, projection, table, stands, signal });
    await verifyIds({ context, projection, generation, verifier, expected });
  }
  const { rows: damaged, shown } = verifier.found;
  return { projection: projection.name, generation, rows: verifier.seen.rows, digestHolds: null, damaged, shown };
}

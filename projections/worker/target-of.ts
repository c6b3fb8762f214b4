import type { WriterConnection } from '#platform/read-store/connection.js';
import { isDerived, type StoredProjection } from '../kit/projection.js';
import { GenerationDocuments } from './generation-documents.js';
import { GenerationTables, type WrittenOver } from './generation-tables.js';
import type { GenerationTarget } from './generation-target.js';

/** Tables on the shard of the connection, or wherever the projection keeps its rows. */
export const targetOf = (projection: StoredProjection, generation: number, connection: WriterConnection, over: WrittenOver = 'older'): GenerationTarget =>
  isDerived(projection) ? new GenerationDocuments(projection.store, generation) : new GenerationTables(projection, generation, connection, over);

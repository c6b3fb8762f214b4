import { judge, readDocument, type ReadDocument, type ReadResult } from '../documents/index.js';
import type { Documents } from './documents.js';

const microseconds = (): number => Number(process.hrtime.bigint() / 1_000n);

/** The documents room with the process's clock: what intake and processing use outside tests. */
export const fiscalDocuments: Documents<ReadDocument> = {
  read: (bytes) => readDocument(bytes),
  judge: (outcome: ReadResult, expected) => judge(outcome, { now: microseconds, ...(expected && { expected }) }),
};

import { workerData } from 'piscina';
import { BUILT_IN_CATALOGUES, cataloguesFrom, NO_TRUST, trustOf, type CatalogueData } from '../documents/index.js';
import type { JudgedDocument } from '../intake/documents.js';
import { judgeBytes, readBytes, type JudgeTask } from './judge-bytes.js';

/** What each thread of a pool is given once. */
export interface ThreadData {
  /** Files of certificates: they are read here, since keys do not travel between threads. */
  readonly trust: readonly Uint8Array[];
  /** In place of those that Folio carries. */
  readonly catalogues?: CatalogueData;
}

const { trust: files, catalogues: data } = workerData as ThreadData;
const trust = files.length > 0 ? trustOf(files) : NO_TRUST;
const catalogues = data ? cataloguesFrom(data) : BUILT_IN_CATALOGUES;

/** What each thread of the pool does with a task: `judge` (also without a name), or `read`. */
export default (task: JudgeTask): JudgedDocument => judgeBytes(task, trust, catalogues);
export const read = readBytes;

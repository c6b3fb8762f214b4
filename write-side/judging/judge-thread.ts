import { workerData } from 'piscina';
import { NO_TRUST, trustOf } from '../documents/index.js';
import type { JudgedDocument } from '../intake/documents.js';
import { judgeBytes, readBytes, type JudgeTask } from './judge-bytes.js';

/** What each thread of a pool is given once. */
export interface ThreadData {
  /** Files of certificates: they are read here, since keys do not travel between threads. */
  readonly trust: readonly Uint8Array[];
}

const { trust: files } = workerData as ThreadData;
const trust = files.length > 0 ? trustOf(files) : NO_TRUST;

/** What each thread of the pool does with a task: `judge` (also without a name), or `read`. */
export default (task: JudgeTask): JudgedDocument => judgeBytes(task, trust);
export const read = readBytes;

import type { Claim } from '#contracts/events/invoice.js';
import { BUILT_IN_CATALOGUES, judge, judgeNothing, NO_TRUST, readDocument, type Catalogues, type NotJudged, type Trust } from '../documents/index.js';
import type { JudgedDocument, ReadOutcome } from '../intake/documents.js';

/** What a thread is asked. */
export interface JudgeTask {
  readonly bytes: Uint8Array;
  readonly expected: Claim | undefined;
  /** Only these rules, by their codes, on a document that need not be whole. */
  readonly rules?: readonly string[] | undefined;
}

const microseconds = (): number => Number(process.hrtime.bigint() / 1_000n);

/** Without the decoder's own form, which can be a hundred times the bytes and is nobody's business outside of the rules. */
function told(read: ReturnType<typeof readDocument>): ReadOutcome {
  if (read.kind !== 'document') return read;
  const { kind, format, facts, identity } = read;
  return { kind, format, facts, identity };
}

/** Reads only. */
export const readBytes = (bytes: Uint8Array): ReadOutcome => told(readDocument(bytes));

/** Reads and judges with the clock of the process. */
export function judgeBytes({ bytes, expected, rules }: JudgeTask, trust: Trust = NO_TRUST, catalogues: Catalogues = BUILT_IN_CATALOGUES): JudgedDocument {
  const startedUs = microseconds();
  const read = readDocument(bytes);
  return { read: told(read), ...judge(read, { now: microseconds, startedUs, trust, catalogues, ...(expected && { expected }), ...(rules && { rules }) }) };
}

/** The verdict on a document that ended the thread which judged it, or kept it too long: twice, so it is the document. */
export const notJudged = (why: NotJudged, reason: string): JudgedDocument =>
  ({ read: { kind: 'unreadable', code: why, reason }, ...judgeNothing(why, reason) });

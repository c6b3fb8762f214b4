/** Bytes + context → verdict. Pure: no I/O, no clock, inputs and outputs are plain data that a worker thread can be given. */
export { judge, listRules, RULE_SET, type JudgeContext, type Judgement } from './judge.js';
export { READ_LIMITS, type ReadLimits } from './limits.js';
export type { CfdiDocument } from './models/cfdi.js';
export type { EnDocument } from './models/en16931.js';
export { readDocument } from './read.js';
export type { FiscalDocument, ReadDocument, ReadResult, Unreadable, UnreadableCode, Unsupported } from './result.js';

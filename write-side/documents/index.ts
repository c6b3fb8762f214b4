/** Bytes + context → verdict. Pure: no I/O, no clock, inputs and outputs are plain data that a worker thread can be given. */
export { BUILT_IN as BUILT_IN_CATALOGUES } from './catalogues/built-in.js';
export { BUILT_IN_DATA } from './catalogues/data.js';
export type { CatalogueData } from './catalogues/data-format.js';
export { CATALOGUE_NAMES, countOf, importTable, isCatalogue, isDay, mergeCatalogues, WrongTable, type ImportedTable, type ImportedTables, type Table } from './catalogues/import.js';
export type { CatalogueName, Catalogues, PaymentForm, Person, TaxRate } from './catalogues/port.js';
export { cataloguesFrom } from './catalogues/unpack.js';
export { judge, judgeNothing, judgeRule, type JudgeContext, type Judgement } from './judge.js';
export { listRules, RULE_SET, type ListedRule, type RuleKind } from './rule-sets.js';
export type { NotJudged } from './rules/common/unreadable.js';
export { READ_LIMITS, type ReadLimits } from './limits.js';
export type { CfdiDocument } from './models/cfdi.js';
export type { EnDocument } from './models/en16931.js';
export { readDocument } from './read.js';
export type { FiscalDocument, ReadDocument, ReadResult, Unreadable, UnreadableCode, Unsupported } from './result.js';
export { NO_TRUST, trustOf, type Trust } from './seal/trust.js';

import { canonicalJson } from '#contracts/kernel/json.js';
import { hashOf } from '#platform/read-store/row-hash.js';

/** The hash of a row that is kept as JSON: of its canonical form, so that neither the order of its members nor white space counts. */
export const rowHashOf = (row: object): string => hashOf(canonicalJson(row));

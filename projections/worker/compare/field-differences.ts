import { canonicalJson } from '#contracts/kernel/json.js';
import type { RowDifference } from '#contracts/queries.js';
import type { DerivedStore, ScannedRow } from '../../kit/projection.js';
import { rowHashOf } from '../../kit/row-hash.js';

const SHOWN_CHARACTERS = 200;
const HASH_FIELD = 'rowHash';

const textOf = (value: unknown): string | null => (value === undefined || value === null ? null : (typeof value === 'string' ? value : canonicalJson(value)).slice(0, SHOWN_CHARACTERS));

/** What a row of a derived store is called where one is shown. */
export const nounOf = (store: Pick<DerivedStore, 'beginsAtHead'>): string => (store.beginsAtHead === true ? 'entry' : 'document');

/** The fields in which two rows differ, as text. A row that is missing on one side is one difference: its id. */
export function fieldDifferences(table: string, id: string, live: object | undefined, next: object | undefined): readonly RowDifference[] {
  const base = { table, key: id };
  if (!live || !next) return live === next ? [] : [{ ...base, column: 'id', live: live ? id : null, next: next ? id : null }];
  const [left, right] = [new Map<string, unknown>(Object.entries(live)), new Map<string, unknown>(Object.entries(next))];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((column) => {
    const [a, b] = [left.get(column) ?? null, right.get(column) ?? null];
    return canonicalJson(a) === canonicalJson(b) ? [] : [{ ...base, column, live: textOf(a), next: textOf(b) }];
  });
}

/** Whether a row still has the hash that was written with it, and everything beside it what follows from it; true where no hash is kept. */
export const isWhole = ({ row, hash, wrong }: ScannedRow): boolean => row !== undefined && wrong.length === 0 && (hash === undefined || hash === rowHashOf(row));

/** Equal for rows that are equal, whether or not a hash is kept with them, and for none that somebody changed by hand. */
export const contentOf = (scanned: ScannedRow): string =>
  (scanned.row ? rowHashOf(scanned.row) : '') + (isWhole(scanned) ? '' : canonicalJson([scanned.hash ?? null, scanned.wrong]));

/** How two rows of one id differ, the rows themselves first. */
export function scannedDifferences(table: string, id: string, live: ScannedRow | undefined, next: ScannedRow | undefined): readonly RowDifference[] {
  const fields = fieldDifferences(table, id, live && (live.row ?? {}), next && (next.row ?? {}));
  if (fields.length > 0 || !live || !next) return fields;
  const wrong = live.wrong.length > 0 ? live.wrong : next.wrong;
  if (wrong.length > 0) return wrong.map((one) => ({ table, key: id, column: one.column, live: textOf(one.live), next: textOf(one.next) }));
  return [hashDifference(table, id, live.hash ?? null, next.hash ?? null)];
}

/** The row is what it should be, its hash is not. */
export const hashDifference = (table: string, id: string, live: string | null, next: string | null): RowDifference => ({ table, key: id, column: HASH_FIELD, live, next });

/** What lies beside a row and does not follow from it. */
export const wrongBeside = (table: string, { id, wrong }: ScannedRow): readonly RowDifference[] =>
  wrong.map(({ column, live, next }) => ({ table, key: id, column, live: textOf(live), next: textOf(next) }));

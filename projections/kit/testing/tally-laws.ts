import { keyText } from '#platform/read-store/table.js';
import type { ProjectedRow, RowProjection, Tallies } from '../projection.js';
import { deepFreeze } from './freeze.js';
import { checkEqual, refuse } from './refusal.js';
import { inOrder } from './stored.js';

/** As they are read back from the table: sums keep the scale of what was added, and equal sums are equal only in the form in which they are read. */
export const canonicalTallies = (tallies: Tallies<never, unknown>, found: readonly unknown[]): readonly unknown[] =>
  inOrder(found.map((tally) => tallies.table.parse(tallies.table.columns.map((column) => column.encode(tally)))), keyText(tallies.table));

/**
 * The worker adds `contributions(new) − contributions(old)`: that gives the sums of the rows only when these hold.
 * @throws AssertionError that names the one that does not
 */
export function checkTallyLaws<Row extends ProjectedRow>({ name, tallies }: RowProjection<Row>, rows: readonly Row[]): void {
  if (!tallies) return;
  for (const row of rows) {
    const found = tallies.contributions(deepFreeze(row));
    checkEqual(`contributions of ${name} gives two different answers for the same row`, tallies.contributions(row), found);
    for (const tally of found) checkTally(name, tallies, tally);
  }
  checkColumns(name, tallies);
}

function checkTally(name: string, tallies: Tallies<never, unknown>, tally: unknown): void {
  const taken = tallies.negate(tally);
  const keyOf = keyText(tallies.table);
  if (keyOf(taken) !== keyOf(tally)) refuse(`negate of ${name} changes the key of a tally: what it takes back is taken from another one`);
  if (!tallies.isEmpty(tallies.add(tally, taken))) refuse(`a tally of ${name} and its negation do not add up to nothing (isEmpty): what a changed row no longer contributes would stay in the sums`);
  const [once] = canonicalTallies(tallies, [tally]);
  for (const sum of [tallies.add(tallies.add(tally, tally), taken), tallies.add(taken, tallies.add(tally, tally))]) {
    checkEqual(`add of ${name}: a tally, twice, less once is not the tally; batches add in any order`, canonicalTallies(tallies, [sum])[0], once);
  }
}

/** The table adds up every column that is not in its key. */
function checkColumns(name: string, { table }: Tallies<never, unknown>): void {
  const missing = table.key.filter((key) => !table.columns.some((column) => column.name === key));
  if (missing.length > 0) refuse(`the table of the tallies of ${name} has no column ${missing.join(', ')} of its key`);
  const unsummed = table.columns.filter((column) => !table.key.includes(column.name) && !/^(?:bigint|int|integer|numeric)\b/u.test(column.type)).map((column) => column.name);
  if (unsummed.length > 0) refuse(`the column ${unsummed.join(', ')} of the tallies of ${name} is neither in the key nor a number: the table adds up every column that is not in its key`);
}

import type { Request, Response } from 'express';
import { csvHeader, csvLine, type CsvColumn } from '../csv.js';
import { drained } from './drained.js';

/** A reader that takes nothing for this long is cut off (ms). */
const SLOW_READER_MS = 30_000;

/** Whether the caller asked for CSV rather than JSON. */
export function prefersCsv(request: Request, response: Response): boolean {
  response.vary('Accept');
  return request.accepts(['json', 'text/csv']) === 'text/csv';
}

/** Rows as they come, never more than the reader takes. The first is read before anything is sent: until then a fault is still a problem document. */
export async function sendCsv<Row>(response: Response, filename: string, columns: readonly CsvColumn<Row>[], rows: AsyncIterable<Row> | Iterable<Row>): Promise<void> {
  const iterator = iterate(rows);
  let next = await iterator.next();
  // A long answer may still be under way when the server begins to drain; its connection then must not stay behind idle.
  response.status(200).set({ 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': `attachment; filename="${filename}"`, Connection: 'close' });
  response.write(csvHeader(columns));
  for (; next.done !== true; next = await iterator.next()) {
    if (response.write(csvLine(columns, next.value)) || (await drained(response, SLOW_READER_MS))) continue;
    response.destroy();
    return;
  }
  response.end();
}

async function* iterate<Row>(rows: AsyncIterable<Row> | Iterable<Row>): AsyncGenerator<Row, void, undefined> {
  yield* rows;
}

import type { Request } from 'express';
import { calendarDay } from '#contracts/calendar.js';
import { parseRevision, type Revision } from '#contracts/kernel/position.js';
import { isMoney } from '#contracts/money.js';
import { SORTS, type InvoiceFilter, type Sort } from '#contracts/queries.js';
import { INVOICE_STATUSES, type InvoiceStatus } from '#contracts/read-models/invoice-summary.js';
import { invalidQuery, QueryParameters } from '#platform/http/query-parameters.js';

export const PAGE_LIMITS = { defaultPage: 50, maxPage: 500, maxCsvRows: 100_000, maxCursor: 2_000 } as const;

/** The parameters of reads: every one of them may wait for a position (`after`). */
export class Parameters extends QueryParameters {
  constructor(request: Request, known: readonly string[]) {
    super(request, [...known, 'after']);
  }

  /** Number of an event in its stream. */
  revision(name: string): Revision | undefined {
    const value = this.stated(name);
    const revision = value === undefined ? undefined : parseRevision(value);
    if (value !== undefined && revision === undefined) throw invalidQuery(name, 'it must be a revision: a whole number from 0 without leading zeros');
    return revision;
  }

  day(name: string): string | undefined {
    const value = this.text(name);
    if (value !== undefined && (value.length !== 10 || calendarDay(value) === undefined)) throw invalidQuery(name, 'it must be a day YYYY-MM-DD');
    return value;
  }

  amount(name: string): string | undefined {
    const value = this.text(name);
    if (value !== undefined && !isMoney(value)) throw invalidQuery(name, 'it must be a decimal amount');
    return value;
  }
}

export const FILTER_NAMES = ['status', 'issuer', 'receiver', 'from', 'to', 'minTotal', 'maxTotal', 'currency', 'documentType', 'format', 'code', 'uuid'] as const;

export function readFilter(parameters: Parameters): InvoiceFilter {
  const status: InvoiceStatus | undefined = parameters.oneOf('status', INVOICE_STATUSES);
  const values = {
    status,
    issuer: parameters.text('issuer', 64), receiver: parameters.text('receiver', 64),
    from: parameters.day('from'), to: parameters.day('to'),
    minTotal: parameters.amount('minTotal'), maxTotal: parameters.amount('maxTotal'),
    currency: parameters.text('currency', 8), documentType: parameters.text('documentType', 16), format: parameters.text('format', 16),
    code: parameters.text('code', 40), uuid: parameters.text('uuid', 40),
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

export const readSort = (parameters: Parameters): Sort => parameters.oneOf('sort', SORTS) ?? '-received';

import type { Request } from 'express';
import { calendarDay } from '#contracts/calendar.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import { isUuid } from '#contracts/kernel/ids.js';
import { parseRevision, type Revision } from '#contracts/kernel/position.js';
import { isMoney } from '#contracts/money.js';
import { SORTS, type InvoiceFilter, type Sort } from '#contracts/queries.js';
import { INVOICE_STATUSES, type InvoiceStatus } from '#contracts/read-models/invoice-summary.js';

export const PAGE_LIMITS = { defaultPage: 50, maxPage: 500, maxCsvRows: 100_000, maxCursor: 2_000 } as const;

const invalid = (name: string, reason: string) => platformProblem('query-invalid', { name, reason });

/** A query parameter given once; an unknown or repeated one is refused, so that a misspelt filter never shows the whole list. */
export class Parameters {
  readonly #query: Readonly<Record<string, unknown>>;

  constructor(request: Request, known: readonly string[]) {
    this.#query = request.query;
    for (const name of Object.keys(this.#query)) {
      if (!known.includes(name) && name !== 'after') throw invalid(name.slice(0, 60), `there is no such parameter; there are ${known.join(', ')}`);
    }
  }

  text(name: string, max = 200): string | undefined {
    const value = this.#query[name];
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string') throw invalid(name, 'it is given more than once');
    if (value.length > max) throw invalid(name, `it has more than ${max} characters`);
    if (value.includes('\u0000')) throw invalid(name, 'it has a character that no text has');
    return value;
  }

  /** A value that says something where it is given at all: an empty one is refused, so that a variable left empty never asks for something else. */
  stated(name: string, max = 40): string | undefined {
    if (this.#query[name] === '') throw invalid(name, 'it is empty');
    return this.text(name, max);
  }

  /** Number of an event in its stream. */
  revision(name: string): Revision | undefined {
    const value = this.stated(name);
    const revision = value === undefined ? undefined : parseRevision(value);
    if (value !== undefined && revision === undefined) throw invalid(name, 'it must be a revision: a whole number from 0 without leading zeros');
    return revision;
  }

  /** A text that is needed and may be anything, the empty one included. Characters that no text has become spaces. */
  freeText(name: string, max: number): string {
    const value = this.#query[name];
    if (value === undefined) throw invalid(name, 'it is needed');
    if (typeof value !== 'string') throw invalid(name, 'it is given more than once');
    if (value.length > max) throw invalid(name, `it has more than ${max} characters`);
    return value.replaceAll('\u0000', ' ');
  }

  oneOf<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) throw invalid(name, `it must be one of ${values.join(', ')}`);
    return found;
  }

  day(name: string): string | undefined {
    const value = this.text(name);
    if (value !== undefined && (value.length !== 10 || calendarDay(value) === undefined)) throw invalid(name, 'it must be a day YYYY-MM-DD');
    return value;
  }

  amount(name: string): string | undefined {
    const value = this.text(name);
    if (value !== undefined && !isMoney(value)) throw invalid(name, 'it must be a decimal amount');
    return value;
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const number = /^\d{1,9}$/u.test(value) ? Number(value) : Number.NaN;
    if (!(number >= min && number <= max)) throw invalid(name, `it must be a whole number from ${min} to ${max}`);
    return number;
  }
}

/** The id in the path; anything that is no UUID is simply not there. */
export function pathId(request: Request): string | undefined {
  const { id } = request.params;
  return typeof id === 'string' && isUuid(id) ? id.toLowerCase() : undefined;
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

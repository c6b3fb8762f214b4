import type { Request } from 'express';
import { platformProblem } from '#contracts/kernel/errors.js';
import { isUuid } from '#contracts/kernel/ids.js';

export const invalidQuery = (name: string, reason: string) => platformProblem('query-invalid', { name, reason });

/** Query parameters, each given once; an unknown or repeated one is refused, so that a misspelt filter never shows the whole list. */
export class QueryParameters {
  protected readonly query: Readonly<Record<string, unknown>>;

  constructor(request: Request, known: readonly string[]) {
    this.query = request.query;
    for (const name of Object.keys(this.query)) {
      if (!known.includes(name)) throw invalidQuery(name.slice(0, 60), `there is no such parameter; there are ${known.join(', ')}`);
    }
  }

  text(name: string, max = 200): string | undefined {
    const value = this.query[name];
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string') throw invalidQuery(name, 'it is given more than once');
    if (value.length > max) throw invalidQuery(name, `it has more than ${max} characters`);
    if (value.includes('\u0000')) throw invalidQuery(name, 'it has a character that no text has');
    return value;
  }

  /** A value that says something where it is given at all: an empty one is refused, so that a variable left empty never asks for something else. */
  stated(name: string, max = 40): string | undefined {
    if (this.query[name] === '') throw invalidQuery(name, 'it is empty');
    return this.text(name, max);
  }

  /** A text that is needed and may be anything, the empty one included. Characters that no text has become spaces. */
  freeText(name: string, max: number): string {
    const value = this.query[name];
    if (value === undefined) throw invalidQuery(name, 'it is needed');
    if (typeof value !== 'string') throw invalidQuery(name, 'it is given more than once');
    if (value.length > max) throw invalidQuery(name, `it has more than ${max} characters`);
    return value.replaceAll('\u0000', ' ');
  }

  oneOf<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) throw invalidQuery(name, `it must be one of ${values.join(', ')}`);
    return found;
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const number = /^\d{1,9}$/u.test(value) ? Number(value) : Number.NaN;
    if (!(number >= min && number <= max)) throw invalidQuery(name, `it must be a whole number from ${min} to ${max}`);
    return number;
  }
}

/** The id in the path; anything that is no UUID is simply not there. */
export function pathId(request: Request): string | undefined {
  const { id } = request.params;
  return typeof id === 'string' && isUuid(id) ? id.toLowerCase() : undefined;
}

import type { Brand } from './brand.js';

/**
 * A place in the log: an unsigned decimal string without leading zeros, growing in commit order.
 * It is text on purpose: positions are compared, never computed with (they may be log offsets).
 */
export type Position = Brand<string, 'Position'>;

/** Number of an event in its stream, from 0. A decimal string on every wire, a safe integer in memory. */
export type Revision = Brand<number, 'Revision'>;

/** Before the first event. */
export const ORIGIN = '0' as Position;

export function comparePositions(left: Position, right: Position): number {
  if (left.length !== right.length) return left.length - right.length;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

export const isAfter = (left: Position, right: Position): boolean => comparePositions(left, right) > 0;
export const laterOf = (left: Position, right: Position): Position => (isAfter(left, right) ? left : right);
export const earlierOf = (left: Position, right: Position): Position => (isAfter(left, right) ? right : left);

const DECIMAL = /^(?:0|[1-9]\d{0,19})$/u;

export function parsePosition(text: string): Position | undefined {
  return DECIMAL.test(text) ? (text as Position) : undefined;
}

export function parseRevision(text: string): Revision | undefined {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? (value as Revision) : undefined;
}

export const toPosition = (text: string): Position => text as Position;
export const toRevision = (value: number): Revision => value as Revision;
export const nextRevision = (revision: Revision | undefined): Revision => (revision === undefined ? 0 : revision + 1) as Revision;

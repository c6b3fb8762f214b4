const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Whether the calendar has this day. */
export function isRealDay(year: number, month: number, day: number): boolean {
  const days = DAYS[month - 1];
  if (days === undefined || year < 1 || day < 1) return false;
  return day <= (month === 2 && isLeap(year) ? 29 : days);
}

const ISO_DAY = /^(\d{4})-(\d{2})-(\d{2})(?:[T+\-Z].*)?$/u;
const BASIC_DAY = /^(\d{4})(\d{2})(\d{2})$/u;

/** A written date: a day of the calendar, a day that no calendar has, or no date at all. */
export type WrittenDay = { readonly kind: 'day'; readonly day: string } | { readonly kind: 'impossible' } | { readonly kind: 'shapeless' };

/** Reads the day of `2026-01-31`, `2026-01-31T10:00:00`, `2026-01-31+01:00` and (CII format 102) `20260131`. */
export function writtenDay(text: string): WrittenDay {
  const parts = ISO_DAY.exec(text) ?? BASIC_DAY.exec(text);
  if (!parts) return { kind: 'shapeless' };
  const [, year = '', month = '', day = ''] = parts;
  if (!isRealDay(Number(year), Number(month), Number(day))) return { kind: 'impossible' };
  return { kind: 'day', day: `${year}-${month}-${day}` };
}

/** The calendar day, or undefined where the text names none. */
export function dayOf(text: string | undefined): string | undefined {
  const read = text === undefined ? undefined : writtenDay(text);
  return read?.kind === 'day' ? read.day : undefined;
}

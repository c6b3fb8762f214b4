import type { AuthorityState } from '#contracts/invoice/authority.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** When an authority is asked; all in milliseconds. */
export interface AuthorityTimes {
  /** After the archive. A stamp takes minutes to be known there. */
  readonly firstMs: number;
  /** Between an answer "not found" and the next question; it is told when the last of them has got the same answer. */
  readonly missingMs: readonly number[];
  /** Ages of the archive at which it is asked again, ascending; then every so often, up to an age. */
  readonly laterMs: readonly number[];
  readonly everyMs: number;
  readonly untilMs: number;
  /** After an attempt in vain: the first and the longest delay, and those where the authority refused the question. */
  readonly retryMs: readonly [first: number, longest: number];
  readonly refusedMs: readonly [first: number, longest: number];
  /** What has been in vain for so long is asked again only as it would be without. */
  readonly patienceMs: number;
}

export const AUTHORITY_TIMES: AuthorityTimes = {
  firstMs: 10 * MINUTE_MS, missingMs: [HOUR_MS, DAY_MS], laterMs: [DAY_MS, 7 * DAY_MS, 30 * DAY_MS], everyMs: 30 * DAY_MS, untilMs: 730 * DAY_MS,
  retryMs: [30_000, 6 * HOUR_MS], refusedMs: [HOUR_MS, DAY_MS], patienceMs: 30 * DAY_MS,
};

/** Where the questions about an invoice stand. */
export interface CheckState {
  /** Null: nothing more is asked. */
  readonly dueAt: Date | null;
  /** Answers "not found" in a row. */
  readonly missing: number;
  /** Attempts in vain in a row, and the first of them. */
  readonly failures: number;
  readonly failedSince: Date | null;
}

/** What happens at a moment, with a number in [0, 1) that keeps those apart which were asked together. */
export interface Moment {
  readonly now: Date;
  readonly random: number;
  readonly times: AuthorityTimes;
}

/** So much of a delay is left to chance. */
const JITTER = 0.1;
const MAX_DOUBLINGS = 20;

const after = (now: Date, ms: number): Date => new Date(now.getTime() + Math.round(ms));

/** The next question of the calendar; null where the archive is older than that goes. */
export function nextByCalendar(archivedAt: Date, { now, random, times }: Moment): Date | null {
  const { laterMs, everyMs, untilMs } = times;
  const age = now.getTime() - archivedAt.getTime();
  const last = laterMs.at(-1) ?? 0;
  const next = laterMs.find((ms) => ms > age) ?? last + everyMs * (Math.floor((age - last) / everyMs) + 1);
  return next > untilMs ? null : after(now, (next - age) * (1 + JITTER * random));
}

/** What an answer leads to, and whether it is told. A first "not found" is none yet: for minutes after a stamp, and while the authority is behind, it is the usual one. */
export function afterAnswer(archivedAt: Date, state: CheckState, status: AuthorityState, moment: Moment): { readonly tell: boolean; readonly next: CheckState } {
  const { now, random, times } = moment;
  const answered = { missing: 0, failures: 0, failedSince: null };
  if (status === 'cancelled') return { tell: true, next: { ...answered, dueAt: null } };
  if (status === 'in-force') return { tell: true, next: { ...answered, dueAt: nextByCalendar(archivedAt, moment) } };
  const again = times.missingMs[state.missing];
  if (again === undefined) return { tell: true, next: { ...answered, missing: state.missing, dueAt: nextByCalendar(archivedAt, moment) } };
  return { tell: false, next: { ...answered, missing: state.missing + 1, dueAt: after(now, again * (1 + JITTER * random)) } };
}

/** What an attempt in vain leads to: longer and longer delays, at last the calendar's. @param refused the authority takes no such question, which repeating it soon does not change */
export function afterFailure(archivedAt: Date, state: CheckState, refused: boolean, moment: Moment): CheckState {
  const { now, random, times } = moment;
  const failedSince = state.failedSince ?? now;
  if (now.getTime() - failedSince.getTime() > times.patienceMs) return { ...state, failures: 0, failedSince: null, dueAt: nextByCalendar(archivedAt, moment) };
  const [first, longest] = refused ? times.refusedMs : times.retryMs;
  const ceiling = Math.min(first * 2 ** Math.min(state.failures, MAX_DOUBLINGS), longest);
  return { ...state, failures: state.failures + 1, failedSince, dueAt: after(now, ceiling / 2 + random * (ceiling / 2)) };
}

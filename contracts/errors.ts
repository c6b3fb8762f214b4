import { kind, PLATFORM_ERRORS } from './kernel/errors.js';
import { Problem, type ProblemDetail, type ProblemKind } from './kernel/problem.js';

/**
 * Every error that leaves the system, by code. `docs/errors.md` has one section per code; a test compares both ways.
 * The wording is for the person who has to act on it.
 */
export const ERRORS = {
  ...PLATFORM_ERRORS,
  // Users
  'email-taken': kind(409, 'This e-mail address belongs to another user.'),
  'user-unknown': kind(404, 'There is no such user.'),
  'user-not-active': kind(409, 'The user is {status}; this needs an active one.'),
  'user-not-suspended': kind(409, 'The user is {status}; only a suspended one can be reinstated.'),
  'last-admin': kind(409, 'This is the last active admin; make another one first.'),
  'password-weak': kind(422, 'The password must have between {min} and {max} characters.'),
  'password-wrong': kind(403, 'The current password is not right.'),
  // Invoices
  'invoice-unknown': kind(404, 'There is no such invoice.'),
  'invoice-identity-missing': kind(422, 'Nothing names this invoice: give uuid, or format, number and documentType.'),
  'invoice-identity-conflict': kind(409, 'Another document with the same identity is here; it has SHA-256 {existing}, this one {received}.'),
  'invoice-copies-exhausted': kind(409, 'More than {limit} different documents claim this identity; this one was not kept.'),
  'invoice-not-rejected': kind(409, 'The invoice is {status}; only a rejected one can be processed again.'),
  'invoice-not-archived': kind(409, 'The invoice is {status}; only an archived one can be cancelled.'),
  'invoice-not-judged': kind(409, 'The invoice is {status} and has no verdict yet; only a judged one can be judged again.'),
  'original-unavailable': kind(404, 'The original bytes have not been received yet.'),
  'document-unsupported': kind(422, 'The document is {root}, which Folio does not process.'),
  'judging-busy': kind(503, 'More than {limit} documents wait to be judged.', true),
  'authority-check-impossible': kind(409, 'The authority cannot be asked about this invoice: {reason}.'),
  'rule-unknown': kind(404, 'There is no rule {rule}; GET /api/v1/rules lists all.'),
  'import-unknown': kind(404, 'There is no such import.'),
  'import-ended': kind(409, 'The import is {state}; only one that goes on can be cancelled.'),
  'document-unreadable': kind(422, 'The document cannot be read: {reason}.'),
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ErrorCode = keyof typeof ERRORS;

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

export const problem = (code: ErrorCode, detail: ProblemDetail = {}, options?: { cause?: unknown }): Problem =>
  new Problem(code, ERRORS[code], detail, options);

/** A coded refusal of a decider: a value, not an exception. */
export interface Rejection {
  readonly rejected: ErrorCode;
  readonly detail: ProblemDetail;
}
export const reject = (code: ErrorCode, detail: ProblemDetail = {}): Rejection => ({ rejected: code, detail });

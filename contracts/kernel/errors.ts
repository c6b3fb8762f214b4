import { Problem, type ProblemDetail, type ProblemKind } from './problem.js';

export const kind = (status: number, template: string, retryable = false): ProblemKind => ({ status, template, retryable });

/** Errors that any room can meet and that say nothing of invoices; `contracts/errors.ts` joins them with the domain's. */
export const PLATFORM_ERRORS = {
  // Requests
  'body-malformed': kind(400, 'The body is not readable as {expected}: {reason}.'),
  'body-too-large': kind(413, 'The body is larger than the limit of {limit} bytes.'),
  'media-type-unsupported': kind(415, 'This route does not take {found}; it takes {expected}.'),
  'field-invalid': kind(422, 'The request has fields that cannot be accepted: {fields}.'),
  'query-invalid': kind(400, 'The query parameter {name} cannot be accepted: {reason}.'),
  'route-unknown': kind(404, 'There is nothing at {path}.'),
  'method-not-allowed': kind(405, '{method} is not possible at {path}; possible: {allowed}.'),
  'cursor-invalid': kind(400, 'The cursor is not one of this query.'),
  'cursor-expired': kind(410, 'The cursor belongs to an earlier form of the list; start again without it.'),
  'rate-limited': kind(429, 'The limit of {limit} requests per {seconds} s for tier {tier} is used up.', true),
  'range-invalid': kind(400, 'The position {position} is not one that can be resumed from.'),
  // Identity of the caller
  'token-missing': kind(401, 'This route needs a bearer token.'),
  'token-invalid': kind(401, 'The bearer token is not valid: {reason}.'),
  'role-insufficient': kind(403, 'This route needs the role {needed}; the token has {found}.'),
  'credentials-wrong': kind(401, 'E-mail and password do not match an active user.'),
  'sign-in-throttled': kind(429, 'Too many attempts to sign in; try again in {seconds} s.', true),
  'refresh-reused': kind(401, 'This refresh token was used before; its whole family is revoked, sign in again.'),
  // Commands in general
  'revision-conflict': kind(409, 'The stream is at revision {current}, the command expected {expected}.', true),
  'precondition-failed': kind(412, 'The resource is at revision {current}, If-Match names {expected}.'),
  'precondition-malformed': kind(400, 'If-Match must be an entity tag of this resource.'),
  'idempotency-key-invalid': kind(400, 'Idempotency-Key must have 1 to 200 printable characters.'),
  'idempotency-in-flight': kind(409, 'A request with this Idempotency-Key is still being worked on.', true),
  'idempotency-mismatch': kind(422, 'This Idempotency-Key was used with another body.'),
  // Reads
  'report-unknown': kind(404, 'There is no report for {day}.'),
  'projection-unknown': kind(404, 'There is no projection named {name}; there are {known}.'),
  'token-malformed': kind(400, 'Folio-Position is not a position token.'),
  'position-ahead': kind(400, 'Folio-Position names a position that the log has not reached.'),
  'view-behind': kind(503, 'The view has not reached the asked position within {ms} ms.', true),
  'stream-slow': kind(503, 'The reader is too slow; connect again with Last-Event-ID.', true),
  'rebuild-running': kind(409, 'A rebuild of {projection} is running.'),
  'rollback-impossible': kind(409, '{projection} has no earlier generation to go back to.'),
  'rebuild-not-running': kind(409, 'No rebuild of {projection} is running.'),
  'rebuild-cancelled': kind(409, 'The rebuild of {projection} was given up; the next one goes on where it stood.'),
  'rebuild-differs': kind(409, 'The rebuilt {projection} is not what readers have: {differences}. The live generation stays; look at the rows named, or allow a declared change with --expect-changes.'),
  'rebuild-quarantine-differs': kind(409, 'Streams are in quarantine on one side only: {streams}. The live generation stays; retry or skip them, or accept it with --accept-quarantine.'),
  'rebuild-selection-invalid': kind(400, 'The selection of streams cannot be used: {reason}.'),
  'needs-full-rebuild': kind(409, '{projection} cannot be repaired in place: {reason}. Rebuild it whole.'),
  'until-invalid': kind(400, '{name} names {value}, which cannot be answered: {reason}.'),
  'generation-unknown': kind(404, '{projection} has no generation {generation}; there are {known}.'),
  'reshard-impossible': kind(409, 'The read models cannot be laid out anew: {reason}. The live layout stays.'),
  'shard-unavailable': kind(503, 'Shard {shard} does not answer; the live generation stays. Bring it back and repeat the command.', true),
  'read-store-full': kind(507, 'The read store has no room left: {reason}. The live generation stays; make room and repeat the command, which begins its own generation anew.', true),
  'stream-not-parked': kind(404, '{stream} is not in quarantine of {projection}.'),
  'stream-parked-again': kind(409, '{stream} of {projection} was tried again and stays in quarantine at revision {revision}: {reason}.'),
  // The system
  'fetch-failed': kind(502, 'The file could not be fetched: {reason}.', true),
  'url-not-allowed': kind(422, 'The address of the file is not allowed: {reason}.'),
  'checksum-mismatch': kind(422, 'The bytes have SHA-256 {found}, declared was {declared}.'),
  'original-corrupt': kind(500, 'The stored bytes do not have the recorded SHA-256; they are not served.'),
  'event-too-large': kind(413, 'The event would have {size} bytes; the limit is {limit}.'),
  'event-refused': kind(422, 'The store refused the data of the event: {reason}.'),
  'store-unavailable': kind(503, 'The event store does not answer; nothing was written.', true),
  'outcome-unknown': kind(503, 'It is not known yet whether the command took effect; repeat it with the same Idempotency-Key.', true),
  'read-store-unavailable': kind(503, 'The read store does not answer.', true),
  'search-unavailable': kind(503, 'The search engine does not answer: {reason}.', true),
  'search-mapping-foreign': kind(500, 'The index {index} has a mapping that is not Folio\'s: {reason}.'),
  'bus-unavailable': kind(503, 'The message bus does not answer: {reason}.', true),
  'bus-topic-wrong': kind(500, 'The topic {topic} cannot be used: {reason}.'),
  'setting-wrong': kind(500, '{setting} is wrong: {reason}.'),
  'upstream-unavailable': kind(503, 'The {name} does not answer.', true),
  'object-store-full': kind(507, 'The object store cannot take more bytes.', true),
  'object-store-unavailable': kind(503, 'The object store cannot be written: {reason}.', true),
  'log-diverged': kind(503, 'The log is not the one this view was built from.'),
  'shutting-down': kind(503, 'The server is stopping; connect again.', true),
  'internal': kind(500, 'Something failed that should not; the correlation id leads to the log.', true),
  'backup-impossible': kind(409, 'This cannot be backed up: {reason}.'),
  'backup-damaged': kind(422, 'The backup in {folder} cannot be restored: {reason}.'),
  'folder-not-empty': kind(409, 'The folder {folder} is not empty; name one that is new.'),
  // The command line
  'no-instance': kind(503, 'No running instance was found below {data}; start one with npm start.', true),
  'already-running': kind(409, 'An instance with this data folder is running: {url} (process {pid}).'),
  'data-folder-unusable': kind(500, 'The data folder {path} cannot be used: {reason}.'),
  'port-in-use': kind(409, 'Port {port} is in use by another program; choose one with --port.'),
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type PlatformErrorCode = keyof typeof PLATFORM_ERRORS;

export const platformProblem = (code: PlatformErrorCode, detail: ProblemDetail = {}, options?: { cause?: unknown }): Problem =>
  new Problem(code, PLATFORM_ERRORS[code], detail, options);

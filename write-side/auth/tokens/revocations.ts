import type { Envelope } from '#contracts/kernel/envelope.js';
import { ORIGIN, type Position } from '#contracts/kernel/position.js';
import { decodeTrusted } from '#contracts/events/decode.js';
import type { EventStore, LogFilter, LogPage } from '#platform/event-store/port.js';
import type { Logger } from '#platform/logger.js';
import type { Revocation, RevocationStore } from '../stores/revocation-store.js';
import { userOfStream } from '../streams.js';

/** Which access tokens are dead before their time. In memory, asked on every request. */
export interface RevocationList {
  note(revocation: Revocation): void;
  concerns(user: string, revision: number, family: string): boolean;
  readonly size: number;
}

export function createRevocationList(now: () => number = Date.now): RevocationList {
  const known = new Map<string, Revocation>();
  const epochOf = (subject: string): number | undefined => known.get(subject)?.epoch;
  const forgetExpired = (): void => { for (const [subject, { expiresAt }] of known) if (expiresAt <= now()) known.delete(subject); };
  return {
    note: (revocation) => {
      if ((epochOf(revocation.subject) ?? -1) >= revocation.epoch || revocation.expiresAt <= now()) return;
      if (known.size % 1_000 === 999) forgetExpired();
      known.set(revocation.subject, revocation);
    },
    concerns: (user, revision, family) => (epochOf(`user:${user}`) ?? 0) > revision || known.has(`family:${family}`),
    get size() { return known.size; },
  };
}

export const userRevocation = (user: string, revision: number, expiresAt: number): Revocation => ({ subject: `user:${user}`, epoch: revision, expiresAt });
export const familyRevocation = (family: string, expiresAt: number): Revocation => ({ subject: `family:${family}`, epoch: 0, expiresAt });

/** Events of a user after which tokens issued before them must not be honoured. */
const ENDING_ACCESS: readonly string[] = ['auth.user.role-changed', 'auth.user.suspended', 'auth.user.deleted', 'auth.user.password-changed'];
const REVOKING: LogFilter = { types: [...ENDING_ACCESS, 'auth.token.revoked'] };

/** What an event says of tokens; undefined when nothing. `tokenLifeMs`: after it, no token from before the event is alive. */
export function revocationOf(stored: Envelope, tokenLifeMs: number): Revocation | undefined {
  const event = decodeTrusted(stored);
  const expiresAt = Date.parse(event.recordedAt) + tokenLifeMs;
  if (event.type === 'auth.token.revoked') return event.data.family === undefined ? undefined : familyRevocation(event.data.family, expiresAt);
  const user = ENDING_ACCESS.includes(event.type) ? userOfStream(event.stream) : undefined;
  return user && userRevocation(user, event.revision, expiresAt);
}

export interface RevocationFeed {
  readonly log: EventStore;
  readonly store: RevocationStore;
  readonly list: RevocationList;
  readonly tokenLifeMs: number;
  readonly logger: Logger;
  readonly now?: () => number;
}

/**
 * Keeps the list true: what was stored, then the log up to its head, then whatever any process appends, within milliseconds.
 * The log is the truth; the stored rows only spare a start from reading all of it.
 * @returns after the list has reached the head, with the promise of the following, which ends with the signal
 */
export async function followRevocations(feed: RevocationFeed, signal: AbortSignal): Promise<{ readonly done: Promise<void> }> {
  const { log, store, list, now = Date.now } = feed;
  const [{ logId }, snapshot] = await Promise.all([log.status(), store.load(now())]);
  for (const revocation of snapshot.revocations) list.note(revocation);
  // A checkpoint of another log means nothing here: read this one from its beginning.
  let position = snapshot.checkpoint?.logId === logId ? snapshot.checkpoint.position : ORIGIN;
  for (let atHead = false; !atHead && !signal.aborted;) {
    const page = await log.readAll(position, { filter: REVOKING });
    await store.save(noteAll(feed, page), { logId, position: page.scannedTo }, now());
    position = page.scannedTo;
    atHead = page.atHead;
  }
  return { done: followLive(feed, logId, position, signal) };
}

async function followLive(feed: RevocationFeed, logId: string, after: Position, signal: AbortSignal): Promise<void> {
  const { log, store, logger, now = Date.now } = feed;
  let unsaved: readonly Revocation[] = [];
  for await (const page of log.subscribe({ after, filter: REVOKING, signal })) {
    unsaved = [...unsaved, ...noteAll(feed, page)];
    if (unsaved.length === 0) continue;
    try {
      await store.save(unsaved, { logId, position: page.scannedTo }, now());
      unsaved = [];
    } catch (error) {
      // In memory they hold already. The rows are kept for the next attempt; the checkpoint never passes one that is not stored.
      logger.warn({ err: error }, 'revocations could not be stored');
    }
  }
}

function noteAll({ list, tokenLifeMs }: RevocationFeed, page: LogPage): readonly Revocation[] {
  const revocations = page.events.flatMap((event) => revocationOf(event, tokenLifeMs) ?? []);
  for (const revocation of revocations) list.note(revocation);
  return revocations;
}

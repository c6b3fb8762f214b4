import type { NewEvent } from '#contracts/kernel/envelope.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { StreamId } from '#contracts/kernel/ids.js';
import { toRevision, type Position, type Revision } from '#contracts/kernel/position.js';
import { EVENT_STORE_LIMITS, type AppendResult, type ExpectedRevision } from './port.js';

/** What is known of a stream while appends are judged: its last revision and, by revision, the ids it carries. */
export interface StreamHead {
  /** Null: the stream does not exist. */
  readonly revision: Revision | null;
  /** Id and position at a revision, for telling a repetition from a conflict. */
  at(revision: number): { readonly id: string; readonly position: Position } | undefined;
}

export type Judgement = { readonly write: true; readonly first: Revision } | { readonly write: false; readonly result: AppendResult };

const conflict = (head: StreamHead): Judgement => ({ write: false, result: { outcome: 'conflict', current: head.revision } });

/**
 * Decides one append against the head of its stream. The one place that knows the meaning of an expected revision,
 * shared by every adapter that judges for itself. A partly overlapping append is a conflict, never half a success.
 */
export function judgeAppend(expected: ExpectedRevision, events: readonly NewEvent[], head: StreamHead): Judgement {
  const last = head.revision ?? -1;
  if (typeof expected === 'number' || expected === 'none') {
    const base = expected === 'none' ? -1 : expected;
    if (base === last) return { write: true, first: toRevision(last + 1) };
    return earlierSuccess(base, events, head) ?? conflict(head);
  }
  if (expected === 'exists' && head.revision === null) return conflict(head);
  return { write: true, first: toRevision(last + 1) };
}

function earlierSuccess(base: number, events: readonly NewEvent[], head: StreamHead): Judgement | undefined {
  let position: Position | undefined;
  for (const [index, event] of events.entries()) {
    const stored = head.at(base + 1 + index);
    if (stored?.id !== event.id) return undefined;
    position = stored.position;
  }
  if (position === undefined) return undefined;
  return { write: false, result: { outcome: 'appended', revision: toRevision(base + events.length), position, repeated: true } };
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/iu;
const MAX_VERSION = 1_000;

/** Refuses what no store may hold, before anything is queued. @throws Problem event-too-large | event-refused */
export function checkAppend(stream: StreamId, events: readonly NewEvent[]): void {
  if (stream.length === 0 || stream.length > 200) throw platformProblem('event-refused', { reason: 'the stream id must have 1 to 200 characters' });
  if (events.length === 0 || events.length > EVENT_STORE_LIMITS.maxEventsPerAppend) {
    throw platformProblem('event-refused', { reason: `an append has 1 to ${EVENT_STORE_LIMITS.maxEventsPerAppend} events` });
  }
  for (const { id, version } of events) {
    if (!UUID.test(id) || !Number.isInteger(version) || version < 1 || version > MAX_VERSION) throw platformProblem('event-refused', { reason: 'an event needs a uuid and a version' });
  }
}

/** @throws Problem event-too-large */
export function checkSize(bytes: number): void {
  const limit = EVENT_STORE_LIMITS.maxEventBytes;
  if (bytes > limit) throw platformProblem('event-too-large', { size: bytes, limit });
}

/** U+0000 and halves of surrogate pairs, as `JSON.stringify` writes them: text that Postgres, and so every read model, cannot hold. */
const NOT_TEXT = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/u;

/** @throws Problem event-refused */
export function checkText(json: string): void {
  if (json.includes('\\u') && NOT_TEXT.test(json)) throw platformProblem('event-refused', { reason: 'the data has U+0000 or half a character' });
}

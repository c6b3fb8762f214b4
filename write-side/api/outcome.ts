import type { StreamId } from '#contracts/kernel/ids.js';
import { writeToken } from '#contracts/kernel/lane.js';
import type { Position, Revision } from '#contracts/kernel/position.js';
import { laneOf } from '#contracts/topics.js';
import type { Json } from '#contracts/kernel/json.js';
import { entityTag } from '#platform/http/etag.js';
import type { Answer } from '../idempotency/port.js';

/** What a command answers, before it is written: also what an idempotency record keeps. */
export interface CommandAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, Json>>;
  readonly stream: StreamId;
  /** Any event type of the stream: it names the topic, and with the stream the lane. */
  readonly eventType: string;
  readonly revision: Revision;
  readonly position: Position;
  readonly location?: string;
}

export const outcomeBody = ({ id, revision, position }: { readonly id: string; readonly revision: Revision; readonly position: Position }) => ({ id, revision: String(revision), position });

/** The answer with its token, entity tag and place. */
export const toAnswer = ({ status, body, stream, eventType, revision, position, location }: CommandAnswer): Answer => ({
  status,
  headers: {
    'Folio-Position': writeToken([{ position, lane: laneOf(eventType, stream) }]),
    ETag: entityTag(revision),
    ...(location !== undefined && { Location: location }),
  },
  body,
});

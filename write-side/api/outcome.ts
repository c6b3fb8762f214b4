import type { Response } from 'express';
import type { StreamId } from '#contracts/kernel/ids.js';
import { writeToken } from '#contracts/kernel/lane.js';
import type { Position, Revision } from '#contracts/kernel/position.js';
import { laneOf } from '#contracts/topics.js';
import { entityTag } from '#platform/http/etag.js';

/** What a command answers, before it is written: also what an idempotency record keeps. */
export interface CommandAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly stream: StreamId;
  /** Any event type of the stream: it names the topic, and with the stream the lane. */
  readonly eventType: string;
  readonly revision: Revision;
  readonly position: Position;
  readonly location?: string;
}

export const outcomeBody = ({ id, revision, position }: { readonly id: string; readonly revision: Revision; readonly position: Position }) => ({ id, revision: String(revision), position });

export function answerHeaders({ stream, eventType, revision, position, location }: CommandAnswer): Record<string, string> {
  return {
    'Folio-Position': writeToken([{ position, lane: laneOf(eventType, stream) }]),
    ETag: entityTag(revision),
    ...(location !== undefined && { Location: location }),
  };
}

export function sendOutcome(response: Response, answer: CommandAnswer): void {
  response.status(answer.status).set(answerHeaders(answer)).json(answer.body);
}

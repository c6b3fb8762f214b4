import type { CorrelationId, EventId, StreamId } from './ids.js';
import type { Position, Revision } from './position.js';

/** Who caused an event. `system` is Folio itself (processor, demo); `id` is then the name of the role. */
export interface Actor {
  readonly kind: 'user' | 'client' | 'system';
  readonly id: string;
}

/** What routes an event: fixed by the first event of a stream and copied unchanged to every later one. */
export interface Routing {
  /** Claimed issuer, or the stream id; rows of the stream live in the slot of this key. */
  readonly shardKey: string;
  /** First day of the claimed month of issuance, `YYYY-MM-01`; `0001-01-01` where there is none. */
  readonly month: string;
}

export interface EventMetadata extends Routing {
  /** Instant the fact happened, ISO 8601 UTC. */
  readonly occurredAt: string;
  readonly correlationId: CorrelationId;
  /** Command or event that led to this one. */
  readonly causationId: string;
  /** W3C trace context of the request. */
  readonly traceparent?: string;
  readonly actor: Actor;
  /** Reserved: one deployment serves one organisation. */
  readonly scope?: string;
}

/** An event before the store has given it a place. */
export interface NewEvent<Type extends string = string, Data = unknown> extends EventMetadata {
  readonly id: EventId;
  readonly type: Type;
  /** Schema version of `data`. */
  readonly version: number;
  readonly data: Data;
}

/** An event as stored and published. */
export interface Envelope<Type extends string = string, Data = unknown> extends NewEvent<Type, Data> {
  readonly stream: StreamId;
  readonly revision: Revision;
  readonly position: Position;
  /** Instant of the append, ISO 8601 UTC, never decreasing along the log. */
  readonly recordedAt: string;
}

export const NO_MONTH = '0001-01-01';

/** Wire form: position and revision as decimal strings. */
export const toWire = (event: Envelope): Record<string, unknown> => ({ ...event, revision: String(event.revision) });

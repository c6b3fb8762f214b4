import { decodeStrict } from '#contracts/events/decode.js';
import type { InvoiceFact } from '#contracts/events/invoice.js';
import type { UserFact } from '#contracts/events/auth.js';
import { definitionOf } from '#contracts/events/index.js';
import type { Envelope, NewEvent } from '#contracts/kernel/envelope.js';
import { derivedUuid, isUuid, toCorrelationId, toStreamId, type EventId, type StreamId } from '#contracts/kernel/ids.js';
import { ORIGIN, toPosition, toRevision } from '#contracts/kernel/position.js';
import { laneOf } from '#contracts/topics.js';
import { MemoryEventStore } from '#platform/event-store/memory.js';
import type { LanedEvent } from '#platform/feed/port.js';
import { refuse } from './refusal.js';

/** A fact as a declaration writes it: type and data as in the contracts; the rest is made up. */
export interface Fact {
  readonly type: string;
  readonly data: unknown;
  /** Instant it happened (default: one minute after the event before it). */
  readonly occurredAt?: string;
  /** Schema version of `data` (default: the current one); an older one goes through the upcasters. */
  readonly version?: number;
  /** It is stored whatever it is: for events that no code of today would write. */
  readonly unchecked?: true;
}

/** Where a stream lies: which shard has its rows, and which month they belong to. */
export interface StreamPlace {
  /** Short name within the declaration; rows name it in `id`. A UUID is taken as it is. */
  readonly key: string;
  readonly shardKey?: string;
  /** `YYYY-MM-01`. */
  readonly month?: string;
}

export interface StreamFacts {
  readonly category: string;
  readonly place: StreamPlace;
  readonly facts: readonly Fact[];
}

/** Any stream: `stream('invoice', 'A', created(), …)`. */
export const stream = (category: string, key: string | StreamPlace, ...facts: readonly Fact[]): StreamFacts => ({ category, place: typeof key === 'string' ? { key } : key, facts });

/** The life of one invoice. */
export const invoice = (key: string | StreamPlace, ...facts: readonly (InvoiceFact | Fact)[]): StreamFacts => stream('invoice', key, ...facts);

/** The life of one user. */
export const user = (key: string | StreamPlace, ...facts: readonly (UserFact | Fact)[]): StreamFacts => stream('user', key, ...facts);

/** The same fact at an instant of its own. */
export const at = <Stated extends Fact>(occurredAt: string, fact: Stated): Stated & { readonly occurredAt: string } => ({ ...fact, occurredAt });

/** An event that the strict decoder is not asked about: damaged, or of a type that nobody knows (yet). */
export const unchecked = (type: string, data: unknown, version?: number): Fact => ({ type, data, unchecked: true, ...(version !== undefined && { version }) });

/** A log of one declaration: every stream's events one after another in turns, as if all had happened side by side. */
export interface Scenario {
  readonly store: MemoryEventStore;
  readonly entries: readonly LanedEvent[];
  /** What the declaration calls a stream: `invoice A`. */
  readonly nameOf: (stream: string) => string;
  /** Id of the row of a key. */
  readonly idOf: (key: string) => string;
}

const FIRST_INSTANT = Date.UTC(2026, 2, 5, 12, 0, 0, 250);
const MINUTE = 60_000;

/**
 * Stores the facts as a command would have appended them.
 * @param scope what tells the same key of another declaration apart
 * @throws AssertionError for an event that could never have been written
 */
export async function scenarioOf(streams: readonly StreamFacts[], scope: string): Promise<Scenario> {
  const idOf = (key: string): string => (isUuid(key) ? key : derivedUuid('projection-kit', scope, key));
  const placed = streams.map((one) => ({ ...one, id: toStreamId(`${one.category}-${idOf(one.place.key)}`) }));
  const names = new Map<string, string>(placed.map(({ id, category, place }) => [id, `${category} ${place.key}`]));
  if (names.size < placed.length) refuse('a stream is declared twice: give all of its facts in one place');
  const store = new MemoryEventStore();
  const longest = Math.max(0, ...placed.map(({ facts }) => facts.length));
  let minutes = 0;
  for (let revision = 0; revision < longest; revision += 1) {
    for (const one of placed) {
      const fact = one.facts[revision];
      if (!fact) continue;
      const event = newEvent(one, one.id, revision, fact, new Date(FIRST_INSTANT + minutes * MINUTE).toISOString());
      if (fact.unchecked !== true) check(one, event, revision);
      await store.append(one.id, 'any', [event]);
      minutes += 1;
    }
  }
  const { events } = await store.readAll(ORIGIN, { limit: Number.MAX_SAFE_INTEGER });
  return { store, idOf, entries: events.map((event) => ({ event, lane: laneOf(event.type, event.stream) })), nameOf: (id) => names.get(id) ?? id };
}

function newEvent({ place }: StreamFacts, id: StreamId, revision: number, fact: Fact, occurredAt: string): NewEvent {
  const { shardKey = `issuer-of-${id}`, month = '2026-03-01' } = place;
  return {
    id: derivedUuid('projection-kit-event', id, String(revision)) as EventId, type: fact.type, version: fact.version ?? definitionOf(fact.type)?.version ?? 1,
    occurredAt: fact.occurredAt ?? occurredAt, correlationId: toCorrelationId('projection-kit'), causationId: derivedUuid('projection-kit-cause', id, String(revision)),
    actor: { kind: 'system', id: 'projection-kit' }, shardKey, month, data: fact.data,
  };
}

/** The decoder that guards every way into the log says no to what it would say no to there. */
function check({ category, place }: StreamFacts, event: NewEvent, revision: number): void {
  const told = `given: ${category} ${place.key}, revision ${revision}: ${event.type}`;
  const definition = definitionOf(event.type);
  if (!definition) return refuse(`${told} is no event type of the contracts; unchecked(type, data) stores it all the same`);
  if (definition.category !== category) return refuse(`${told} belongs into a stream "${definition.category}-…"`);
  const stored: Envelope = { ...event, stream: toStreamId(`${category}-x`), revision: toRevision(revision), position: toPosition('1'), recordedAt: event.occurredAt };
  try {
    decodeStrict(stored);
  } catch (error) {
    refuse(`${told} could not have been written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

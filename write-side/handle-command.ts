import type { Actor, Envelope, NewEvent, Routing } from '#contracts/kernel/envelope.js';
import { eventIdOf, type CommandId, type CorrelationId, type StreamId } from '#contracts/kernel/ids.js';
import { toRevision, type Position, type Revision } from '#contracts/kernel/position.js';
import { problem, type Rejection } from '#contracts/errors.js';
import { decodeTrusted } from '#contracts/events/decode.js';
import { definitionOf, type DomainEvent } from '#contracts/events/index.js';
import type { EventStore } from '#platform/event-store/port.js';
import { withSpan } from '#platform/telemetry/span.js';

/** What a decider answers: facts to append (none = nothing to do), or a coded refusal. */
export type Decision<Fact> = readonly Fact[] | Rejection;

export const isRejection = (decision: Decision<unknown>): decision is Rejection => 'rejected' in decision;

/** One aggregate type: how events make a state and how a command makes events. All of it pure. */
export interface Decider<State, Command, Event extends DomainEvent, Fact extends { readonly type: string; readonly data: unknown }> {
  readonly initial: State;
  evolve(state: State, event: Event): State;
  decide(command: Command, state: State): Decision<Fact>;
}

/** Circumstances of a command that deciders never see. */
export interface CommandContext {
  readonly commandId: CommandId;
  readonly correlationId: CorrelationId;
  readonly actor: Actor;
  readonly occurredAt: string;
  readonly traceparent?: string;
  /** Used only by the first event of a stream; later ones copy it. */
  readonly routing?: Routing;
  /**
   * What the caller's own command just before this one left of the stream: spares loading it. Only a hint: when the stream has moved since,
   * the append conflicts and the command is decided again on what is really there.
   */
  readonly after?: Handled<unknown>;
  /** `If-Match`: refuse when the stream is not at this revision. */
  readonly ifRevision?: Revision;
}

/** `repeated`: this very command had been carried out before; nothing was decided or written now. */
export interface Handled<State> {
  readonly outcome: 'done' | 'unchanged' | 'repeated';
  readonly revision: Revision;
  readonly position: Position;
  /** Where the stream began: what a duplicate submission is answered with. */
  readonly first: Place;
  readonly routing: Routing;
  readonly state: State;
}

export interface Place {
  readonly revision: Revision;
  readonly position: Position;
}

/** A stream as the loop sees it. */
interface Loaded<State> {
  readonly state: State;
  /** Of the last event; undefined when the stream does not exist. */
  readonly last: Place | undefined;
  readonly first: Place | undefined;
  readonly routing: Routing | undefined;
  /** Last event that this very command caused before. */
  readonly repeated: Place | undefined;
}

/** So many writers may race on one stream: each round one of them wins. */
const MAX_ATTEMPTS = 40;
/** Conflicts before a writer steps back for a moment, and the longest moment (ms). */
const PATIENT_AFTER = 3;
const LONGEST_STEP_BACK_MS = 20;

/**
 * The only command loop: load, decide, append at the exact revision, and on a conflict begin again, a bounded number of times.
 * @throws Problem of the decider's rejection (as `problem(code, detail)`), `precondition-failed`, `revision-conflict`, or the store's own
 */
export async function handleCommand<State, Command, Event extends DomainEvent, Fact extends { readonly type: string; readonly data: unknown }>(
  store: EventStore,
  decider: Decider<State, Command, Event, Fact>,
  stream: StreamId,
  command: Command,
  context: CommandContext,
): Promise<Handled<State>> {
  let current: Revision | null = null;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const hint = attempt === 0 ? context.after : undefined;
    const loaded: Loaded<State> = hint ? { ...(hint as Handled<State>), last: hint, repeated: undefined } : await load(store, decider, stream, context);
    const { state, last } = loaded;
    if (loaded.repeated) return settled('repeated', loaded, loaded.repeated);
    if (context.ifRevision !== undefined && context.ifRevision !== last?.revision) throw preconditionFailed(last, context.ifRevision);
    const decision = await withSpan('decide', {}, context.traceparent, () => decider.decide(command, state));
    if (isRejection(decision)) throw problem(decision.rejected, decision.detail);
    if (decision.length === 0) return settled('unchanged', loaded, last);
    const routing = loaded.routing ?? context.routing;
    const events = decision.map((fact, index) => toNewEvent(fact, index, context, routing));
    const result = await withSpan('append', { 'folio.events': events.length }, context.traceparent, () => store.append(stream, last ? last.revision : 'none', events));
    if (result.outcome === 'appended') {
      const { revision, position } = result;
      const start = revision - events.length + 1;
      const after = events.reduce((folded, event, index) => decider.evolve(folded, asStored(event, stream, start + index, position) as Event), state);
      return settled(result.repeated ? 'repeated' : 'done', { ...loaded, routing, state: after }, { revision, position });
    }
    current = result.current;
    if (attempt >= PATIENT_AFTER) await new Promise((resolve) => { setTimeout(resolve, Math.random() * LONGEST_STEP_BACK_MS); });
  }
  throw problem('revision-conflict', { current: current ?? 'none', expected: 'unmoved' });
}

/** The state of a stream as it is now, for whoever must look before a command. It may have moved by the time of the command, which decides anew. */
export async function stateOf<State, Command, Event extends DomainEvent, Fact extends { readonly type: string; readonly data: unknown }>(store: EventStore, decider: Decider<State, Command, Event, Fact>, stream: StreamId): Promise<State> {
  return fold(decider, await store.readStream(stream));
}

const fold = <State, Event extends DomainEvent>({ evolve, initial }: Pick<Decider<State, never, Event, never>, 'evolve' | 'initial'>, history: readonly Envelope[]): State =>
  history.reduce((state, event) => evolve(state, decodeTrusted(event) as Event), initial);

async function load<State, Command, Event extends DomainEvent, Fact extends { readonly type: string; readonly data: unknown }>(
  store: EventStore, decider: Decider<State, Command, Event, Fact>, stream: StreamId, { commandId }: CommandContext,
): Promise<Loaded<State>> {
  const history = await store.readStream(stream);
  return { state: fold(decider, history), first: history[0], last: history.at(-1), routing: history[0], repeated: history.findLast((event) => event.causationId === commandId) };
}

const preconditionFailed = (last: Place | undefined, expected: Revision) =>
  problem('precondition-failed', { current: last?.revision ?? 'none', expected });

/** A stream of one append begins where that append ended or before; its own first event says so once it is stored. */
function settled<State>(outcome: Handled<State>['outcome'], { state, first, routing }: Loaded<State>, place: Place | undefined): Handled<State> {
  if (!place || !routing) throw problem('internal', { reason: 'a command without effect on a stream that does not exist' });
  const { revision, position } = place;
  return { outcome, revision, position, first: { revision: toRevision(0), position: first?.position ?? position }, routing: { shardKey: routing.shardKey, month: routing.month }, state };
}

/** As the store will give it back; states never look at the position. */
const asStored = (event: NewEvent, stream: StreamId, revision: number, position: Position): DomainEvent =>
  decodeTrusted({ ...event, stream, revision: toRevision(revision), position, recordedAt: event.occurredAt });

function toNewEvent(fact: { readonly type: string; readonly data: unknown }, index: number, context: CommandContext, routing: Routing | undefined): NewEvent {
  const version = definitionOf(fact.type)?.version;
  if (!routing || version === undefined) throw problem('internal', { reason: `${fact.type} has no routing or no definition` });
  return {
    id: eventIdOf(context.commandId, index),
    type: fact.type,
    version,
    occurredAt: context.occurredAt,
    correlationId: context.correlationId,
    causationId: context.commandId,
    ...(context.traceparent !== undefined && { traceparent: context.traceparent }),
    actor: context.actor,
    shardKey: routing.shardKey,
    month: routing.month,
    data: fact.data,
  };
}

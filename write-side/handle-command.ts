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
  /** `If-Match`: refuse when the stream is not at this revision. */
  readonly ifRevision?: Revision;
}

/** `repeated`: this very command had been carried out before; nothing was decided or written now. */
export interface Handled<State> {
  readonly outcome: 'done' | 'unchanged' | 'repeated';
  readonly revision: Revision;
  readonly position: Position;
  /** Where the stream began: what a duplicate submission is answered with. */
  readonly first: { readonly revision: Revision; readonly position: Position };
  readonly state: State;
}

const MAX_ATTEMPTS = 8;

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
    const history = await store.readStream(stream);
    const state = history.reduce((folded, event) => decider.evolve(folded, decodeTrusted(event) as Event), decider.initial);
    const earlier = history.filter((event) => event.causationId === context.commandId);
    if (earlier.length > 0) return settled('repeated', state, earlier, history[0]);
    const last = history.at(-1);
    if (context.ifRevision !== undefined && context.ifRevision !== last?.revision) throw preconditionFailed(last, context.ifRevision);
    const decision = await withSpan('decide', {}, context.traceparent, () => decider.decide(command, state));
    if (isRejection(decision)) throw problem(decision.rejected, decision.detail);
    if (decision.length === 0) return settled('unchanged', state, last ? [last] : [], history[0]);
    const events = decision.map((fact, index) => toNewEvent(fact, index, context, history[0]));
    const result = await withSpan('append', { 'folio.events': events.length }, context.traceparent, () => store.append(stream, last ? last.revision : 'none', events));
    if (result.outcome === 'appended') {
      const first = result.revision - events.length + 1;
      const after = events.reduce((folded, event, index) => decider.evolve(folded, asStored(event, stream, first + index, result.position) as Event), state);
      return { outcome: result.repeated ? 'repeated' : 'done', revision: result.revision, position: result.position, first: placeOf(history[0], result.position), state: after };
    }
    current = result.current;
  }
  throw problem('revision-conflict', { current: current ?? 'none', expected: 'unmoved' });
}

const preconditionFailed = (last: Envelope | undefined, expected: Revision) =>
  problem('precondition-failed', { current: last?.revision ?? 'none', expected });

function settled<State>(outcome: 'unchanged' | 'repeated', state: State, events: readonly Envelope[], first: Envelope | undefined): Handled<State> {
  const last = events.at(-1);
  if (!last) throw problem('internal', { reason: 'a command without effect on a stream that does not exist' });
  return { outcome, revision: last.revision, position: last.position, first: placeOf(first, last.position), state };
}

/** A stream of one append begins where that append ended or before; its own first event says so once it is stored. */
const placeOf = (first: Envelope | undefined, position: Position) => ({ revision: toRevision(0), position: first?.position ?? position });

/** As the store will give it back; states never look at the position. */
const asStored = (event: NewEvent, stream: StreamId, revision: number, position: Position): DomainEvent =>
  decodeTrusted({ ...event, stream, revision: toRevision(revision), position, recordedAt: event.occurredAt });

function toNewEvent(fact: { readonly type: string; readonly data: unknown }, index: number, context: CommandContext, first: Envelope | undefined): NewEvent {
  const routing = first ?? context.routing;
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

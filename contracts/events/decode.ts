import type { Envelope } from '../kernel/envelope.js';
import { definitionOf, type DomainEvent } from './index.js';
import { upcast } from './upcast.js';

/** Why an event could not be understood; a deterministic fault. */
export class UndecodableEvent extends Error {
  override readonly name = 'UndecodableEvent';
}

/** Events of the own store are trusted: upcast, look the type up, no re-validation. @throws UndecodableEvent */
export function decodeTrusted(stored: Envelope): DomainEvent {
  const event = upcast(stored);
  const definition = definitionOf(event.type);
  if (!definition) throw new UndecodableEvent(`unknown event type ${event.type}`);
  if (event.version !== definition.version) throw new UndecodableEvent(`${event.type} version ${event.version} is not known (current ${definition.version})`);
  return event as DomainEvent;
}

/** Strict decoding: unknown fields, missing fields and wrong shapes are refused. @throws UndecodableEvent */
export function decodeStrict(stored: Envelope): DomainEvent {
  const event = decodeTrusted(stored);
  const result = definitionOf(event.type)?.data.safeParse(event.data);
  if (!result?.success) throw new UndecodableEvent(`${event.type}: ${result?.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ') ?? ''}`);
  return event;
}

import type { Envelope } from '../kernel/envelope.js';
import type { Role } from '../roles.js';
import { DIRECTORY_EVENTS, EMAIL_EVENTS, SESSION_EVENTS, USER_EVENTS, type DirectoryEvent, type EmailEvent, type SessionEvent, type UserEvent } from './auth.js';
import type { EventDefinition } from './define.js';
import { INVOICE_EVENTS, type InvoiceEvent } from './invoice.js';
import { PROJECTION_EVENTS, type ProjectionEvent } from './projection.js';

/** Every event type of the system. */
export const EVENT_DEFINITIONS: readonly EventDefinition[] = [
  ...INVOICE_EVENTS, ...USER_EVENTS, ...EMAIL_EVENTS, ...DIRECTORY_EVENTS, ...SESSION_EVENTS, ...PROJECTION_EVENTS,
];

export type DomainEvent = InvoiceEvent | UserEvent | EmailEvent | DirectoryEvent | SessionEvent | ProjectionEvent;

const byType = new Map(EVENT_DEFINITIONS.map((definition) => [definition.type, definition]));

export const definitionOf = (type: string): EventDefinition | undefined => byType.get(type);
export const isKnownType = (type: string): boolean => byType.has(type);

/** Data of an event as it may leave the system, and whether that is all of it; undefined when no role may see it or the type is not known. */
export function publishedData(event: Envelope): { readonly data: object; readonly isWhole: boolean } | undefined {
  const definition = byType.get(event.type);
  if (!definition) return undefined;
  const data = event.data as object;
  if (!definition.withheld.some((name) => name in data)) return { data, isWhole: true };
  return { data: Object.fromEntries(Object.entries(data).filter(([name]) => !definition.withheld.includes(name))), isWhole: false };
}

/** The form in which an event may leave the system; undefined when no role may see it or the type is not known. */
export function publishedForm(event: Envelope): Record<string, unknown> | undefined {
  const published = publishedData(event);
  return published && { ...event, revision: String(event.revision), data: published.data };
}

export const mayBeSeenBy = (type: string, role: Role): boolean => byType.get(type)?.audience.includes(role) ?? false;

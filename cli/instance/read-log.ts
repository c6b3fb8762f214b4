import { definitionOf } from '#contracts/events/index.js';
import type { ConnectionSettings } from '#platform/embedded-postgres/cluster.js';
import { PersonalDataStore, PLAIN_CODEC } from '#platform/event-store/personal.js';
import type { EventStore } from '#platform/event-store/port.js';
import { PostgresEventStore } from '#platform/event-store/postgres/store.js';

/** How the log is reached with the right to read only. It can be cloned into a thread. */
export type LogAddress = { readonly postgres: ConnectionSettings } | { readonly eventStoreDb: string };

export type ReadLog = EventStore & { close(): Promise<void> };

/** Which fields of events are personal, and how they are kept. */
export const PERSONAL = { codec: PLAIN_CODEC, fieldsOf: (type: string): readonly string[] => definitionOf(type)?.personal ?? [] };

/** The log as rebuilds read it. A thread of theirs opens it by this module. */
export async function openLog(data: unknown): Promise<ReadLog> {
  const address = data as LogAddress;
  return new PersonalDataStore('postgres' in address ? new PostgresEventStore({ read: address.postgres, readers: 4 }) : await openEventStoreDb(address.eventStoreDb), PERSONAL);
}

export async function openEventStoreDb(connectionString: string): Promise<ReadLog> {
  const { EventStoreDbStore } = await import('#platform/event-store/eventstoredb/store.js');
  return new EventStoreDbStore({ connectionString });
}

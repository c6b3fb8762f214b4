import type { Envelope } from '#contracts/kernel/envelope.js';
import type { LogFilter } from './port.js';

/** The filter as a predicate; adapters that cannot filter at the source use it, and it defines the meaning for those that can. */
export function matches(filter: LogFilter | undefined, event: Pick<Envelope, 'type' | 'stream'>): boolean {
  if (!filter) return true;
  const { types, typePrefixes, streamPrefixes } = filter;
  if (types && !types.includes(event.type)) return false;
  if (typePrefixes && !typePrefixes.some((prefix) => event.type.startsWith(prefix))) return false;
  return !streamPrefixes || streamPrefixes.some((prefix) => event.stream.startsWith(prefix));
}

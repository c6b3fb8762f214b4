import type { AppendExpectedRevision, EventStoreDBClient, EventData, ResolvedEvent } from '@eventstore/db-client';

/** An event as the server recorded it. Nothing of it can be trusted: other programs may write to the same log. */
export interface RecordedEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
  readonly created: Date;
  /** Log offset; grows in commit order, one per event. */
  readonly commit: bigint;
}

/** An event ready for the wire; `metadata` is JSON in UTF-8. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: Uint8Array;
}

/**
 * `written`: as asked, or the same ids stood there already. `wrong-version`: nothing written. `too-large`: nothing written, over the
 * server's limit in bytes. `refused`, `denied`: nothing written, and repeating does not help. `unknown`: anything else; `sent` is false only when no connection was made.
 */
export type WriteAnswer =
  | { readonly kind: 'written'; readonly revision: bigint; readonly commit: bigint }
  | { readonly kind: 'wrong-version' }
  | { readonly kind: 'too-large'; readonly limit: number }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'denied'; readonly cause: unknown }
  | { readonly kind: 'unknown'; readonly sent: boolean; readonly cause: unknown };

export interface ReadFrom {
  /** First event wanted, included; the start or, backwards, the end when absent. A revision of the stream, or a log offset of `$all`. */
  readonly from?: bigint;
  readonly backwards?: boolean;
  /** At most this many. */
  readonly count: number;
  /** Milliseconds without an event after which the reading is given up. */
  readonly idleMs: number;
}

/** All that the adapter asks of a client library; another one (`@kurrent/kurrentdb-client`) needs only this file again. */
export interface LogClient {
  /** Never rejects. Bounded by `deadlineMs` whatever the library does. */
  write(stream: string, expected: AppendExpectedRevision, events: readonly ProposedEvent[], deadlineMs: number): Promise<WriteAnswer>;
  /** Gives events to `accept` until it returns false or the server has no more (`ended`, also when there is no such stream). */
  read(source: { readonly stream: string } | 'all', options: ReadFrom, accept: (event: RecordedEvent) => boolean): Promise<'ended' | 'enough'>;
  /** Calls `onActivity` when it listens and after every event of the log, without its content. Ends by rejecting, or when the signal aborts. */
  listen(onActivity: () => void, signal: AbortSignal): Promise<void>;
  /** Cancels whatever is open. */
  close(): Promise<void>;
}

const noop = (): void => undefined;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const field = (value: unknown, name: string): unknown => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined);

/** `type` of a client error, such as `wrong-expected-version`; by name, so that two copies of the library are no matter. */
export const errorType = (error: unknown): string => textOf(field(error, 'type'));
export const errorText = (error: unknown): string => textOf(field(error, 'message'));
const trailer = (error: unknown, name: string): string => {
  const raw = field(field(error, '_raw'), 'metadata') as { get?(key: string): unknown[] } | undefined;
  return textOf(raw?.get?.(name)[0]);
};

/** The library is loaded here and nowhere else, when the first client is opened: it costs 80 ms and 30 MB. @throws Error for a connection string that cannot be read */
export async function openClient(connectionString: string): Promise<LogClient> {
  const { EventStoreDBClient } = await import('@eventstore/db-client');
  const client = EventStoreDBClient.connectionString(connectionString);
  // One call per append. The batch path of 6.2.1 keeps its promises in a map of the whole process: an error of one client rejects the appends of
  // all, and the answer that one of them still gets then ends the process (measured). It also asks the server for its features first, without a deadline.
  Object.assign(client, { supports: async () => false });
  return {
    write: (stream, expected, events, deadlineMs) => inTime(append(client, stream, expected, events, deadlineMs), deadlineMs),
    read: async (source, options, accept) => read(client, source, options, accept),
    listen: async (onActivity, signal) => listen(client, onActivity, signal),
    close: async () => client.dispose(),
  };
}

/** The library may forget to answer; a timer of our own does not. */
async function inTime(work: Promise<WriteAnswer>, ms: number): Promise<WriteAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<WriteAnswer>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'unknown', sent: true, cause: new Error(`no answer within ${ms} ms`) }), ms + 50);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function append(client: EventStoreDBClient, stream: string, expectedRevision: AppendExpectedRevision, events: readonly ProposedEvent[], deadline: number): Promise<WriteAnswer> {
  try {
    const proposed = events.map(({ id, type, data, metadata }) => ({ id, type, contentType: 'application/json', data, metadata }) as EventData);
    const { success, nextExpectedRevision, position } = await client.appendToStream(stream, proposed, { expectedRevision, deadline, requiresLeader: true });
    if (!success) return { kind: 'wrong-version' };
    return position ? { kind: 'written', revision: nextExpectedRevision, commit: position.commit } : { kind: 'unknown', sent: true, cause: new Error('an answer without a position') };
  } catch (error) {
    return failed(error);
  }
}

const NEVER_SENT = /No connection established|Name resolution failed|Failed to discover/u;
/** Of the server of 2026, which limits single events too; 6.2.1 does not know it. */
const EVENT_SIZE = 'maximum-append-event-size-exceeded';

function failed(error: unknown): WriteAnswer {
  switch (errorType(error)) {
    case 'wrong-expected-version':
      return { kind: 'wrong-version' };
    case 'maximum-append-size-exceeded':
      return { kind: 'too-large', limit: Number(field(error, 'maxAppendSize')) };
    case 'stream-deleted':
      return { kind: 'refused', reason: 'the stream was deleted' };
    case 'access-denied':
      return { kind: 'denied', cause: error };
    default:
      if (trailer(error, 'exception') === EVENT_SIZE) return { kind: 'too-large', limit: Number(trailer(error, 'maximum-append-event-size')) };
      return { kind: 'unknown', sent: !NEVER_SENT.test(errorText(error)), cause: error };
  }
}

async function read(client: EventStoreDBClient, source: { readonly stream: string } | 'all', options: ReadFrom, accept: (event: RecordedEvent) => boolean): Promise<'ended' | 'enough'> {
  const { from, backwards = false, count, idleMs } = options;
  const common = { maxCount: count, direction: backwards ? 'backwards' : 'forwards' } as const;
  const edge = backwards ? 'end' : 'start';
  const stream = source === 'all'
    ? client.readAll({ ...common, fromPosition: from === undefined ? edge : { commit: from, prepare: from } })
    : client.readStream(source.stream, { ...common, fromRevision: from ?? edge, requiresLeader: true });
  // The library emits the error of a call also after its stream was destroyed: without a listener that ends the process.
  stream.on('error', noop);
  const timer = setTimeout(() => stream.destroy(new Error(`no event within ${idleMs} ms`)), idleMs);
  try {
    for await (const resolved of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<ResolvedEvent>) {
      timer.refresh();
      const event = recorded(resolved);
      if (event && !accept(event)) return 'enough';
    }
    return 'ended';
  } catch (error) {
    if (errorType(error) === 'stream-not-found') return 'ended';
    throw error;
  } finally {
    clearTimeout(timer);
    // Destroying the stream leaves the call open at the server: only cancelling it ends it. What still comes must be drained, or a call
    // that had ended just before is never seen to end, and `dispose` waits for it for ever.
    stream.resume();
    void stream.cancel().catch(noop);
  }
}

function recorded({ event }: ResolvedEvent): RecordedEvent | undefined {
  if (!event?.position) return undefined;
  const { streamId, revision, id, type, data, metadata, created, position } = event;
  return { stream: streamId, revision, id, type, data, metadata, created, commit: position.commit };
}

/** No event has this type: of a subscription filtered by it only the checkpoints come, one for each event that the server looked at. */
const NO_TYPE = 'folio.no-event-has-this-type';

function listen(client: EventStoreDBClient, onActivity: () => void, signal: AbortSignal): Promise<void> {
  // It is awaited inside the library's transform: what it throws would be an unhandled rejection and a subscription that stands still.
  const tell = (): Promise<void> => neverThrowing(onActivity);
  return new Promise((resolve, reject) => {
    const subscription = client.subscribeToAll({
      fromPosition: 'end',
      filter: { filterOn: 'eventType', prefixes: [NO_TYPE], maxSearchWindow: 1, checkpointInterval: 1, checkpointReached: tell },
    });
    const stop = (settle: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      void subscription.unsubscribe().catch(noop);
      subscription.destroy();
      settle();
    };
    const onAbort = (): void => stop(resolve);
    signal.addEventListener('abort', onAbort, { once: true });
    subscription.on('confirmation', tell);
    subscription.on('data', tell);
    subscription.on('error', (error) => stop(() => reject(error)));
    subscription.on('end', () => stop(() => reject(new Error('the server ended the subscription'))));
    if (signal.aborted) onAbort();
  });
}

function neverThrowing(work: () => void): Promise<void> {
  try {
    work();
  } catch {
    // The next reading of the log sees what this bell would have told.
  }
  return Promise.resolve();
}

import type grpc from '@grpc/grpc-js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { DoubleLog, RecordedEvent } from './log.js';
import { caughtUp, checkpoint, confirmation, FAILURES, readEvent, streamName, streamNotFound } from './messages.js';

type ReadCall = grpc.ServerWritableStream<ReadReq, ReadResp>;
type Filter = (event: RecordedEvent) => boolean;

/** Resolves to false once the reader has gone. Waits while its window is full, as the server's bounded channel does. */
async function send(call: ReadCall, message: ReadResp): Promise<boolean> {
  if (call.cancelled || call.destroyed) return false;
  if (call.write(message)) return true;
  return new Promise((resolve) => {
    const done = (): void => {
      for (const name of ['drain', 'cancelled', 'close'] as const) call.removeListener(name, done);
      resolve(!call.cancelled && !call.destroyed);
    };
    for (const name of ['drain', 'cancelled', 'close'] as const) call.on(name, done);
  });
}

/** `Streams.Read.cs`: which of the readings the options ask for. */
export async function serveRead(call: ReadCall, log: DoubleLog): Promise<void> {
  const options = call.request.getOptions();
  if (!options) return;
  if (options.hasSubscription()) await subscribe(call, log, options);
  else if (options.hasAll()) await readAll(call, log, options);
  else await readStream(call, log, options);
  call.end();
}

/** Forwards from a revision included, backwards from it included; a stream that is not there is a message, not a status (`ReadStreamBackwards.cs`). */
async function readStream(call: ReadCall, log: DoubleLog, options: ReadReq.Options): Promise<void> {
  const wanted = options.getStream();
  const name = streamName(wanted?.getStreamIdentifier()?.getStreamName_asU8());
  const events = log.stream(name);
  if (events.length === 0) return void (await send(call, streamNotFound(name)));
  const backwards = options.getReadDirection() === 1;
  const end = backwards ? events.length - 1 : events.length;
  const from = wanted?.hasRevision() ? Number(wanted.getRevision()) : wanted?.hasEnd() ? end : 0;
  const chosen = backwards ? events.slice(0, from + 1).reverse() : events.slice(from);
  await sendAll(call, chosen, Number(options.getCount()));
}

async function sendAll(call: ReadCall, events: readonly RecordedEvent[], count: number): Promise<void> {
  for (const event of events.slice(0, count)) if (!(await send(call, readEvent(event)))) return;
}

/** `AllReader.cs`: forwards at and after the position, backwards before it; a position where no record begins is refused. */
async function readAll(call: ReadCall, log: DoubleLog, options: ReadReq.Options): Promise<void> {
  const all = options.getAll();
  const backwards = options.getReadDirection() === 1;
  const position = all?.getPosition();
  const at = position ? log.indexOf(BigInt(position.getCommitPosition())) : all?.hasEnd() ? log.all.length : 0;
  if (position && log.all[at]?.commit !== BigInt(position.getCommitPosition())) return void call.emit('error', FAILURES.invalidPosition());
  const keep = filterOf(options);
  await sendAll(call, (backwards ? log.all.slice(0, at).reverse() : log.all.slice(at)).filter(keep), Number(options.getCount()));
}

/** `EventFilter`: prefixes or a regular expression over the event type or the stream name. */
function filterOf(options: ReadReq.Options): Filter {
  const filter = options.getFilter();
  const expression = filter?.getEventType() ?? filter?.getStreamIdentifier();
  if (!filter || !expression) return () => true;
  const subject = (event: RecordedEvent): string => (filter.hasEventType() ? event.type : event.stream);
  const pattern = expression.getRegex();
  if (pattern !== '') {
    const regex = new RegExp(pattern, 'u');
    return (event) => regex.test(subject(event));
  }
  return (event) => expression.getPrefixList().some((prefix) => subject(event).startsWith(prefix));
}

/** `ReadBatchSize` of the enumerators: the window of a filter that names none. */
const READ_BATCH_SIZE = 32;

/**
 * `Enumerator.AllSubscriptionFiltered.cs`: confirmation first, then what was there, then "caught up", then what comes. With a filter, a
 * checkpoint after every `window x multiplier` events looked at, whether they passed or not. The start is exclusive.
 */
async function subscribe(call: ReadCall, log: DoubleLog, options: ReadReq.Options): Promise<void> {
  const all = options.getAll();
  const position = all?.getPosition();
  let next = position ? log.indexOf(BigInt(position.getCommitPosition()) + 1n) : all?.hasEnd() ? log.all.length : 0;
  const filter = options.getFilter();
  const interval = filter ? (filter.hasMax() ? filter.getMax() : READ_BATCH_SIZE) * filter.getCheckpointintervalmultiplier() : Infinity;
  const keep = filterOf(options);
  let considered = 0;
  let told = false;
  let alive = await send(call, confirmation());
  while (alive) {
    const event = log.all[next];
    if (!event) {
      if (!told) alive = await send(call, caughtUp());
      told = true;
      if (alive) alive = await nextWrite(call, log, next);
      continue;
    }
    next += 1;
    considered += 1;
    if (keep(event)) alive = await send(call, readEvent(event));
    if (alive && considered % interval === 0) alive = await send(call, checkpoint(event));
  }
}

/** Resolves to false when the reader has gone. */
function nextWrite(call: ReadCall, log: DoubleLog, next: number): Promise<boolean> {
  if (log.all.length > next) return Promise.resolve(true);
  return new Promise((resolve) => {
    const settle = (alive: boolean): void => {
      stop();
      for (const name of ['cancelled', 'close'] as const) call.removeListener(name, gone);
      resolve(alive);
    };
    const gone = (): void => settle(false);
    const stop = log.onWrite(() => settle(true));
    for (const name of ['cancelled', 'close'] as const) call.on(name, gone);
    if (call.cancelled || call.destroyed) gone();
  });
}

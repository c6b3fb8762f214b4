import grpc from '@grpc/grpc-js';
import type { Any } from 'google-protobuf/google/protobuf/any_pb.js';
import type { AppendReq, AppendResp, BatchAppendReq, BatchAppendResp, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Status } from '@eventstore/db-client/generated/status_pb.js';
import { anyPb, emptyPb, sharedPb, statusPb, streamsPb } from './definitions.js';
import type { Expected, ProposedEvent, RecordedEvent, WriteOutcome } from './log.js';

/** From and to the wire: messages of `streams.proto`, `shared.proto` and `status.proto`. */
export const streamName = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('utf8');

export const uuid = (id: string): InstanceType<typeof sharedPb.UUID> => new sharedPb.UUID().setString(id);

const identifier = (stream: string): InstanceType<typeof sharedPb.StreamIdentifier> => new sharedPb.StreamIdentifier().setStreamName(Buffer.from(stream));

export function proposed(message: AppendReq.ProposedMessage | BatchAppendReq.ProposedMessage): ProposedEvent {
  const map = message.getMetadataMap();
  return {
    id: message.getId()?.getString() ?? '',
    type: String(map.get('type')),
    contentType: String(map.get('content-type')),
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

export function expectedOf(options: AppendReq.Options): Expected {
  if (options.hasRevision()) return BigInt(options.getRevision());
  return options.hasNoStream() ? 'no_stream' : options.hasStreamExists() ? 'stream_exists' : 'any';
}

export function expectedOfBatch(options: BatchAppendReq.Options): Expected {
  if (options.hasStreamPosition()) return BigInt(options.getStreamPosition());
  return options.hasNoStream() ? 'no_stream' : options.hasStreamExists() ? 'stream_exists' : 'any';
}

/** `Streams.Append.cs`: success and wrong version are both answers; everything else is a status. */
export function appendResp(outcome: WriteOutcome, expected: Expected): AppendResp {
  if (outcome.written) {
    const { commit, prepare, revision } = outcome.last;
    const position = new streamsPb.AppendResp.Position().setCommitPosition(commit.toString()).setPreparePosition(prepare.toString());
    return new streamsPb.AppendResp().setSuccess(new streamsPb.AppendResp.Success().setCurrentRevision(revision.toString()).setPosition(position));
  }
  const wrong = new streamsPb.AppendResp.WrongExpectedVersion();
  if (outcome.current < 0) wrong.setCurrentNoStream(new sharedPb.Empty());
  else wrong.setCurrentRevision(outcome.current.toString());
  if (expected === 'stream_exists') wrong.setExpectedStreamExists(new sharedPb.Empty());
  else if (expected === 'no_stream') wrong.setExpectedNoStream(new sharedPb.Empty());
  else if (expected !== 'any') wrong.setExpectedRevision(expected.toString());
  return new streamsPb.AppendResp().setWrongExpectedVersion(wrong);
}

/** `Streams.BatchAppend.cs`: `ConvertMessage`. */
export function batchResp(correlationId: string, stream: string, answer: WriteOutcome | Status): BatchAppendResp {
  const resp = new streamsPb.BatchAppendResp().setCorrelationId(uuid(correlationId)).setStreamIdentifier(identifier(stream));
  if (answer instanceof statusPb.Status) return resp.setError(answer);
  if (!answer.written) return resp.setError(wrongVersion(answer.current));
  const { commit, prepare, revision } = answer.last;
  const position = new sharedPb.AllStreamPosition().setCommitPosition(commit.toString()).setPreparePosition(prepare.toString());
  return resp.setSuccess(new streamsPb.BatchAppendResp.Success().setCurrentRevision(revision.toString()).setPosition(position));
}

/** `Services/Transport/Grpc/Status.cs`: a `google.rpc.Status` whose details say what happened. */
function status(message: string, typeName: string, bytes: Uint8Array): Status {
  const details: Any = new anyPb.Any();
  details.pack(bytes, typeName);
  return new statusPb.Status().setMessage(message).setDetails(details);
}

function wrongVersion(current: number): Status {
  const wrong = new sharedPb.WrongExpectedVersion();
  if (current < 0) wrong.setCurrentNoStream(new emptyPb.Empty());
  else wrong.setCurrentStreamRevision(current.toString());
  return status('WrongExpectedVersion', 'event_store.client.WrongExpectedVersion', wrong.serializeBinary());
}

export const tooLargeStatus = (limit: number): Status =>
  status('MaximumAppendSizeExceeded', 'event_store.client.MaximumAppendSizeExceeded', new sharedPb.MaximumAppendSizeExceeded().setMaxappendsize(limit).serializeBinary());

function recorded(event: RecordedEvent): ReadResp.ReadEvent.RecordedEvent {
  const message = new streamsPb.ReadResp.ReadEvent.RecordedEvent();
  message.setId(uuid(event.id)).setStreamIdentifier(identifier(event.stream)).setStreamRevision(event.revision.toString());
  message.setCommitPosition(event.commit.toString()).setPreparePosition(event.prepare.toString()).setData(event.data).setCustomMetadata(event.metadata);
  const map = message.getMetadataMap();
  map.set('type', event.type);
  map.set('content-type', event.contentType);
  map.set('created', event.created.toString());
  return message;
}

export const readEvent = (event: RecordedEvent): ReadResp =>
  new streamsPb.ReadResp().setEvent(new streamsPb.ReadResp.ReadEvent().setEvent(recorded(event)).setCommitPosition(event.commit.toString()));
export const confirmation = (): ReadResp => new streamsPb.ReadResp().setConfirmation(new streamsPb.ReadResp.SubscriptionConfirmation().setSubscriptionId(crypto.randomUUID()));
export const caughtUp = (): ReadResp => new streamsPb.ReadResp().setCaughtUp(new streamsPb.ReadResp.CaughtUp());
export const checkpoint = ({ commit, prepare }: RecordedEvent): ReadResp =>
  new streamsPb.ReadResp().setCheckpoint(new streamsPb.ReadResp.Checkpoint().setCommitPosition(commit.toString()).setPreparePosition(prepare.toString()));
export const streamNotFound = (stream: string): ReadResp =>
  new streamsPb.ReadResp().setStreamNotFound(new streamsPb.ReadResp.StreamNotFound().setStreamIdentifier(identifier(stream)));

/** `Services/Transport/Grpc/RpcExceptions.cs`: a status whose trailers name the exception; the client reads `exception` first. */
export function failure(code: grpc.status, details: string, trailers: Readonly<Record<string, string>> = {}): Partial<grpc.StatusObject> & { readonly code: grpc.status; readonly details: string; readonly metadata: grpc.Metadata } {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  return { code, details, metadata };
}

export type Failure = ReturnType<typeof failure>;

export const FAILURES = {
  notReady: () => failure(grpc.status.UNAVAILABLE, 'Server Is Not Ready'),
  leaderIs: (host: string, port: number) => failure(grpc.status.NOT_FOUND, 'Leader info available', { 'exception': 'not-leader', 'leader-endpoint-host': host, 'leader-endpoint-port': String(port) }),
  accessDenied: () => failure(grpc.status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' }),
  unauthenticated: () => failure(grpc.status.UNAUTHENTICATED, 'Unauthenticated'),
  tooLarge: (limit: number) => failure(grpc.status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, { 'exception': 'maximum-append-size-exceeded', 'maximum-append-size': String(limit) }),
  invalidPosition: () => failure(grpc.status.ABORTED, 'Trying to read from an invalid position.'),
} as const;

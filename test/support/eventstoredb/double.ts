import grpc from '@grpc/grpc-js';
import type { AppendReq, AppendResp, BatchAppendReq, BatchAppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import { featuresPb, gossipPb, SERVICES } from './definitions.js';
import { DoubleLog, type Expected, type ProposedEvent, type WriteOutcome } from './log.js';
import { appendResp, batchResp, expectedOf, expectedOfBatch, FAILURES, proposed, streamName, tooLargeStatus, uuid, type Failure } from './messages.js';
import { serveRead } from './reading.js';
import { Wire } from './wire.js';

/** What goes wrong, until it is set back. */
export interface Faults {
  /** Every call is answered UNAVAILABLE "Server Is Not Ready" (`RpcExceptions.cs`, `ServerNotReady`). */
  notReady: boolean;
  /** Every call is answered with the leader's address (`RpcExceptions.cs`, `LeaderInfo`): this node is not the leader. */
  leader: { readonly address: string; readonly port: number } | undefined;
  /** Appends to come that are written and whose connection is cut before the answer. */
  lostAnswers: number;
  /** Appends are taken and neither written nor answered. */
  deaf: boolean;
  /** Milliseconds before an append is answered; it is written at once. */
  answerAfterMs: number;
}

export interface DoubleOptions {
  /** `MaxAppendSize`, bytes of a whole append (`ClusterVNodeOptions.cs`; 1 MiB by default up to the server of 2025). */
  readonly maxAppendBytes?: number;
  /** Speaks TLS with this certificate; PEM. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Basic credentials that every call must carry. */
  readonly user?: { readonly name: string; readonly password: string };
  /** Another node of the same cluster: the same log. */
  readonly log?: DoubleLog;
}

/**
 * AN IN-MEMORY DOUBLE OF EVENTSTOREDB, for tests only: real gRPC with the service definitions of `@eventstore/db-client`, behaviour read
 * from the server's source (EventStore/EventStore), each place named where it is played. It forgets everything, checks no access lists,
 * resolves no links, keeps no indexes; nothing outside `test` can start it.
 */
export class EventStoreDouble {
  readonly log: DoubleLog;
  readonly faults: Faults = { notReady: false, leader: undefined, lostAnswers: 0, deaf: false, answerAfterMs: 0 };
  readonly #options: DoubleOptions;
  readonly #server = new grpc.Server();
  readonly wire: Wire;
  #port = 0;
  /** Reads and subscriptions that are open now. */
  readers = 0;
  /** Calls that were refused because of a fault. */
  refused = 0;

  private constructor(options: DoubleOptions) {
    this.#options = options;
    this.log = options.log ?? new DoubleLog();
    this.wire = new Wire(() => this.#port);
    this.#server.addService(SERVICES.streams, { read: this.#read, append: this.#append, batchAppend: this.#batchAppend, delete: unimplemented, tombstone: unimplemented });
    this.#server.addService(SERVICES.gossip, { read: this.#gossip });
    this.#server.addService(SERVICES.features, { getSupportedMethods: supportedMethods });
  }

  static async start(options: DoubleOptions = {}): Promise<EventStoreDouble> {
    const double = new EventStoreDouble(options);
    const { tls } = options;
    const credentials = tls ? grpc.ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) }]) : grpc.ServerCredentials.createInsecure();
    double.#port = await new Promise<number>((resolve, reject) => double.#server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error ? reject(error) : resolve(port))));
    await double.wire.plug();
    return double;
  }

  get connectionString(): string {
    return `esdb://127.0.0.1:${this.wire.port}?tls=false`;
  }

  async stop(): Promise<void> {
    await this.wire.unplug();
    this.#server.forceShutdown();
  }

  #refusal(metadata: grpc.Metadata): Failure | undefined {
    const { faults } = this;
    const { user } = this.#options;
    if (faults.notReady || faults.leader) this.refused += 1;
    if (faults.notReady) return FAILURES.notReady();
    if (faults.leader) return FAILURES.leaderIs(faults.leader.address, faults.leader.port);
    if (!user) return undefined;
    const given = String(metadata.get('authorization')[0] ?? '');
    // No credentials: anonymous, who may not read $all or write. Wrong ones are refused before any service is asked (`AuthenticationMiddleware.cs`).
    if (given === '') return FAILURES.accessDenied();
    return given === `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}` ? undefined : FAILURES.unauthenticated();
  }

  readonly #read = (call: grpc.ServerWritableStream<ReadReq, ReadResp>): void => {
    const refusal = this.#refusal(call.metadata);
    if (refusal) return void call.emit('error', refusal);
    this.readers += 1;
    void serveRead(call, this.log).finally(() => {
      this.readers -= 1;
    });
  };

  /** `Event.SizeOnDisk`: type, data and metadata. */
  #tooLarge(events: readonly ProposedEvent[]): number | undefined {
    const limit = this.#options.maxAppendBytes ?? 1024 * 1024;
    const size = events.reduce((sum, { type, data, metadata }) => sum + 2 * type.length + data.length + metadata.length, 0);
    return size > limit ? limit : undefined;
  }

  /** Writes, then answers after the faults that are set; `answer` is not called when the answer is lost. */
  #write(stream: string, expected: Expected, events: readonly ProposedEvent[], answer: (outcome: WriteOutcome) => void): void {
    if (this.faults.deaf) return;
    const outcome = this.log.write(stream, expected, events);
    if (this.faults.lostAnswers > 0) {
      this.faults.lostAnswers -= 1;
      this.wire.cut();
    } else if (this.faults.answerAfterMs > 0) setTimeout(() => answer(outcome), this.faults.answerAfterMs);
    else answer(outcome);
  }

  /** `Streams.Append.cs`: the options, then one message per event, then one answer. */
  readonly #append = (call: grpc.ServerReadableStream<AppendReq, AppendResp>, callback: grpc.sendUnaryData<AppendResp>): void => {
    const refusal = this.#refusal(call.metadata);
    if (refusal) return callback(refusal);
    let options: AppendReq.Options | undefined;
    const events: ProposedEvent[] = [];
    call.on('data', (message: AppendReq) => {
      options ??= message.getOptions();
      const event = message.getProposedMessage();
      if (event) events.push(proposed(event));
    });
    // grpc-js ends a request also when its connection was cut in the middle; the server's reader throws then, and nothing is written.
    call.on('end', () => setImmediate(() => {
      if (!options || call.cancelled) return;
      const limit = this.#tooLarge(events);
      if (limit !== undefined) return callback(FAILURES.tooLarge(limit));
      const expected = expectedOf(options);
      this.#write(streamName(options.getStreamIdentifier()?.getStreamName_asU8()), expected, events, (outcome) => callback(null, appendResp(outcome, expected)));
    }));
  };

  /** `Streams.BatchAppend.cs`: chunks gathered by correlation id until the final one; answers in the order in which writes complete. */
  readonly #batchAppend = (call: grpc.ServerDuplexStream<BatchAppendReq, BatchAppendResp>): void => {
    const refusal = this.#refusal(call.metadata);
    if (refusal) return void call.emit('error', refusal);
    const pending = new Map<string, { readonly options: BatchAppendReq.Options; readonly events: ProposedEvent[] }>();
    call.on('data', (message: BatchAppendReq) => {
      // NotHandled while the stream is open ends the whole stream (`ConvertMessage` throws into the writer).
      const late = this.#refusal(call.metadata);
      if (late) return void call.emit('error', late);
      const id = message.getCorrelationId()?.getString() ?? '';
      const options = message.getOptions();
      if (options) pending.set(id, { options, events: [] });
      const write = pending.get(id);
      if (!write) return;
      write.events.push(...message.getProposedMessagesList().map(proposed));
      const stream = streamName(write.options.getStreamIdentifier()?.getStreamName_asU8());
      const limit = this.#tooLarge(write.events);
      if (limit !== undefined) {
        pending.delete(id);
        return void call.write(batchResp(id, stream, tooLargeStatus(limit)));
      }
      if (!message.getIsFinal()) return;
      pending.delete(id);
      this.#write(stream, expectedOfBatch(write.options), write.events, (outcome) => {
        if (!call.cancelled && !call.destroyed) call.write(batchResp(id, stream, outcome));
      });
    });
    call.on('end', () => call.end());
  };

  /** `Gossip.Read.cs`: this node, alive and leading. */
  readonly #gossip = (_call: unknown, callback: grpc.sendUnaryData<ClusterInfo>): void => {
    const endPoint = new gossipPb.EndPoint().setAddress('127.0.0.1').setPort(this.wire.port);
    const member = new gossipPb.MemberInfo().setInstanceId(uuid(crypto.randomUUID())).setTimeStamp('0').setState(gossipPb.MemberInfo.VNodeState.LEADER).setIsAlive(true).setHttpEndPoint(endPoint);
    callback(null, new gossipPb.ClusterInfo().setMembersList([member]));
  };
}

/** Deleting has no place in a log that is never rewritten; the adapter never asks for it. */
const unimplemented = (_call: unknown, callback: (error: Partial<grpc.StatusObject>) => void): void => callback({ code: grpc.status.UNIMPLEMENTED, details: 'The double deletes nothing.' });

/** `FeatureDiscovery.cs`: names as the server gives them; the client lower-cases them before it compares. */
function supportedMethods(_call: unknown, callback: grpc.sendUnaryData<SupportedMethods>): void {
  const methods = Object.values(SERVICES).flatMap((service) => Object.values(service)).map(({ path }) => {
    const [, serviceName = '', methodName = ''] = path.split('/');
    return new featuresPb.SupportedMethod().setServiceName(serviceName.toLowerCase()).setMethodName(methodName.toLowerCase());
  });
  callback(null, new featuresPb.SupportedMethods().setEventStoreServerVersion('0.0.0-double').setMethodsList(methods));
}

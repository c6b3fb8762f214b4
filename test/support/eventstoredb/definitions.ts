import { createRequire } from 'node:module';
import type grpc from '@grpc/grpc-js';

/** The service definitions and messages that ship inside `@eventstore/db-client` (`generated/`), the same that its client speaks with. */
const fromClient = createRequire(createRequire(import.meta.url).resolve('@eventstore/db-client'));
const load = (name: string): unknown => fromClient(name);

export const streamsPb = load('../generated/streams_pb.js') as typeof import('@eventstore/db-client/generated/streams_pb.js');
export const sharedPb = load('../generated/shared_pb.js') as typeof import('@eventstore/db-client/generated/shared_pb.js');
export const statusPb = load('../generated/status_pb.js') as typeof import('@eventstore/db-client/generated/status_pb.js');
export const gossipPb = load('../generated/gossip_pb.js') as typeof import('@eventstore/db-client/generated/gossip_pb.js');
export const featuresPb = load('../generated/serverfeatures_pb.js') as typeof import('@eventstore/db-client/generated/serverfeatures_pb.js');
/** `google.protobuf.Any`, from the copy of google-protobuf that the client loads: classes of another copy would not be accepted. */
export const anyPb = load('google-protobuf/google/protobuf/any_pb.js') as typeof import('google-protobuf/google/protobuf/any_pb.js');
export const emptyPb = load('google-protobuf/google/protobuf/empty_pb.js') as typeof import('google-protobuf/google/protobuf/empty_pb.js');

const service = (file: string, name: string): grpc.ServiceDefinition => (load(`../generated/${file}`) as Record<string, grpc.ServiceDefinition>)[name] ?? {};

export const SERVICES = {
  streams: service('streams_grpc_pb.js', 'StreamsService'),
  gossip: service('gossip_grpc_pb.js', 'GossipService'),
  features: service('serverfeatures_grpc_pb.js', 'ServerFeaturesService'),
} as const;

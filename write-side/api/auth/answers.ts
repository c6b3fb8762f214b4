import type { Request } from 'express';
import { canonicalJson } from '#contracts/kernel/json.js';
import { toCorrelationId, toUserId, isUuid, type CommandId, type UserId } from '#contracts/kernel/ids.js';
import { writeToken } from '#contracts/kernel/lane.js';
import { laneOf } from '#contracts/topics.js';
import { problem } from '#contracts/errors.js';
import { entityTag, ifMatchRevision } from '#platform/http/etag.js';
import type { RequestContext } from '#platform/http/route.js';
import type { ServerSecret } from '../../auth/secrets.js';
import type { Invocation, UserOutcome } from '../../auth/services/dependencies.js';
import { userStream } from '../../auth/streams.js';
import type { Answer } from '../../idempotency/port.js';

/** The circumstances of a request, as the services take them. @throws Problem precondition-malformed */
export function invocationOf(request: Request, { principal, correlationId, traceparent }: RequestContext, commandId: CommandId, now: number): Invocation {
  const ifRevision = ifMatchRevision(request);
  return {
    commandId,
    correlationId: toCorrelationId(correlationId),
    actor: principal ? { kind: 'user', id: principal.userId } : { kind: 'client', id: 'anonymous' },
    occurredAt: new Date(now).toISOString(),
    ...(traceparent !== undefined && { traceparent }),
    ...(ifRevision !== undefined && { ifRevision }),
  };
}

export const outcomeBody = ({ id, revision, position }: UserOutcome) => ({ id, revision: String(revision), position });

/** `{id, revision, position}` with its entity tag and the token that reads wait for. */
export function userAnswer(status: number, outcome: UserOutcome, headers: Readonly<Record<string, string>> = {}): Answer {
  const { id, revision, position } = outcome;
  const lane = laneOf('auth.user.registered', userStream(id));
  return {
    status,
    headers: { ETag: entityTag(revision), 'Folio-Position': writeToken([{ position, lane }]), ...headers },
    body: outcomeBody(outcome),
  };
}

/** The user that the path names. @throws Problem user-unknown when it cannot be an id */
export function userIdOfPath(request: Request): UserId {
  const id = request.params['id'];
  if (typeof id !== 'string' || !isUuid(id)) throw problem('user-unknown');
  return toUserId(id);
}

/** Keyed, because the body may hold a password. */
export const bodyHashOf = (secret: ServerSecret, request: Request): string => secret.hmac('idempotency-body', canonicalJson(request.body));

export const addressOf = (request: Request): string => request.socket.remoteAddress ?? '';

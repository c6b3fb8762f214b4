import type { Request, Response } from 'express';
import { commandIdOf, randomUuid, toCommandId, toCorrelationId, type CommandId } from '#contracts/kernel/ids.js';
import type { RequestContext } from '#platform/http/route.js';
import type { CommandContext } from '../handle-command.js';
import type { IdempotencyStore } from '../idempotency/port.js';
import { idempotencyKey, sendAnswer, withIdempotency } from '../idempotency/with-idempotency.js';
import { toAnswer, type CommandAnswer } from './outcome.js';

/** The one way an invoice command runs: its command id, its idempotency, its answer. `bodyHash`: SHA-256 of what the key stands for. */
export async function runCommand(
  idempotency: IdempotencyStore, request: Request, response: Response, context: RequestContext, bodyHash: string, handle: (commandId: CommandId) => Promise<CommandAnswer>,
): Promise<void> {
  sendAnswer(response, await withIdempotency(idempotency, request, context, bodyHash, async (commandId) => toAnswer(await handle(commandId))));
}

/** The command id of one part of a request: the same for a repetition with the same key, new without one. @throws Problem idempotency-key-invalid */
export function partCommandId(request: Request, context: RequestContext, part: string): CommandId {
  const key = idempotencyKey(request, context);
  return key === undefined ? toCommandId(randomUuid()) : commandIdOf(key.principal, `${key.route}#${part}`, key.key);
}

export function commandContext(commandId: CommandId, { principal, correlationId, traceparent }: RequestContext): CommandContext {
  return {
    commandId,
    correlationId: toCorrelationId(correlationId),
    actor: { kind: 'user', id: principal?.userId ?? 'anonymous' },
    occurredAt: new Date().toISOString(),
    ...(traceparent !== undefined && { traceparent }),
  };
}

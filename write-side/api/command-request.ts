import type { Request, Response } from 'express';
import { problem } from '#contracts/errors.js';
import { commandIdOf, randomUuid, toCommandId, toCorrelationId, type CommandId } from '#contracts/kernel/ids.js';
import type { RequestContext } from '#platform/http/route.js';
import type { CommandContext } from '../handle-command.js';
import { answerHeaders, sendOutcome, type CommandAnswer } from './outcome.js';

/** A command as it came over HTTP: what repeats it, and what it was made of. */
export interface CommandRoute {
  /** `POST /api/v1/…` with its ids filled in. */
  readonly route: string;
  /** SHA-256 of the body: the same key with another body is refused. */
  readonly bodyHash: string;
}

/** An answer as it is kept and given again. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Runs `work` at most once per (principal, route, key) and gives its answer again, refusals included. */
export type IdempotencyGuard = (
  request: { readonly principal: string; readonly route: string; readonly key: string; readonly bodyHash: string },
  work: () => Promise<KeptAnswer>,
) => Promise<KeptAnswer>;

/** The one way a command route runs: its command id, its idempotency, its answer. */
export class CommandRequest {
  constructor(private readonly guard: IdempotencyGuard) {}

  async run(request: Request, response: Response, context: RequestContext, { route, bodyHash }: CommandRoute, handle: (commandId: CommandId) => Promise<CommandAnswer>): Promise<void> {
    const key = idempotencyKey(request);
    const commandId = commandIdFor(request, context, route);
    if (key === undefined) return sendOutcome(response, await handle(commandId));
    const kept = await this.guard({ principal: principalOf(context), route, key, bodyHash }, async () => {
      const answer = await handle(commandId);
      return { status: answer.status, headers: answerHeaders(answer), body: answer.body };
    });
    response.status(kept.status).set(kept.headers).json(kept.body);
  }
}

export const principalOf = ({ principal }: RequestContext): string => principal?.userId ?? 'anonymous';

/** @throws Problem idempotency-key-invalid */
export function idempotencyKey(request: Request): string | undefined {
  const key = request.get('idempotency-key');
  if (key !== undefined && !/^[\x21-\x7e]{1,200}$/u.test(key)) throw problem('idempotency-key-invalid');
  return key;
}

/** The same for a repetition with the same key, new without one. */
export function commandIdFor(request: Request, context: RequestContext, route: string): CommandId {
  const key = idempotencyKey(request);
  return key === undefined ? toCommandId(randomUuid()) : commandIdOf(principalOf(context), route, key);
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

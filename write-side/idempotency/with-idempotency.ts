import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { commandIdOf, randomUuid, toCommandId, type CommandId } from '#contracts/kernel/ids.js';
import type { Json } from '#contracts/kernel/json.js';
import { Problem } from '#contracts/kernel/problem.js';
import { problem } from '#contracts/errors.js';
import { problemDocument, PROBLEM_MEDIA_TYPE } from '#platform/http/problem-document.js';
import type { RequestContext } from '#platform/http/route.js';
import type { Answer, Attempt, IdempotencyKey, IdempotencyStore } from './port.js';

export const IDEMPOTENCY_LIMITS = { leaseMs: 30_000, keepMs: 24 * 3_600_000 } as const;

/** 1 to 200 printable ASCII characters. */
const KEY = /^[\x20-\x7E]{1,200}$/u;
const ANONYMOUS = 'anonymous';

/** Does the work of a request under the command id that its key stands for. */
export type IdempotentHandler = (commandId: CommandId) => Promise<Answer>;

/**
 * Runs a POST once per `Idempotency-Key`: a repetition gets the first answer (`Idempotency-Replayed: true`), refusals included.
 * Answers that another attempt could improve (5xx, 429, everything retryable) are not kept. Without a key the handler simply runs.
 * The command id derives from the key, so that even an attempt after a crash, or after 24 h, makes no second event.
 * @param bodyHash keyed hash of the body, see `Attempt`
 * @throws Problem idempotency-key-invalid | idempotency-in-flight | idempotency-mismatch, or the handler's own
 */
export async function withIdempotency(
  store: IdempotencyStore, request: Request, context: RequestContext, bodyHash: string, handler: IdempotentHandler,
  now: () => number = Date.now,
): Promise<Answer> {
  const key = idempotencyKey(request, context);
  if (!key) return handler(toCommandId(randomUuid()));
  const lease = randomUUID();
  const attempt: Attempt = { bodyHash, lease, leasedUntil: now() + IDEMPOTENCY_LIMITS.leaseMs, expiresAt: now() + IDEMPOTENCY_LIMITS.keepMs };
  const begun = await store.begin(key, attempt, now());
  switch (begun.outcome) {
    case 'mismatch': throw problem('idempotency-mismatch');
    case 'in-flight': throw problem('idempotency-in-flight', { retryAfter: Math.max(1, Math.ceil((begun.leasedUntil - now()) / 1_000)) });
    case 'answered': return { ...begun.answer, headers: { ...begun.answer.headers, 'Idempotency-Replayed': 'true' } };
    case 'begun': return runOnce(store, key, lease, context, () => handler(commandIdOf(key.principal, key.route, key.key)));
    default: return begun satisfies never;
  }
}

/** @throws Problem idempotency-key-invalid */
export function idempotencyKey(request: Request, { principal }: RequestContext): IdempotencyKey | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined) return undefined;
  if (!KEY.test(key)) throw problem('idempotency-key-invalid');
  return { principal: principal?.userId ?? ANONYMOUS, route: `${request.method} ${request.path}`, key };
}

async function runOnce(store: IdempotencyStore, key: IdempotencyKey, lease: string, context: RequestContext, work: () => Promise<Answer>): Promise<Answer> {
  let answer: Answer;
  try {
    answer = await work();
  } catch (error) {
    const refused = error instanceof Problem && isFinal(error) ? refusalAnswer(error, context.correlationId) : undefined;
    // The refusal is answered whether or not it could be kept; without it the lease runs out by itself.
    await (refused ? store.complete(key, lease, refused) : store.abandon(key, lease)).catch(() => undefined);
    throw error;
  }
  await store.complete(key, lease, answer).catch(() => undefined);
  return answer;
}

const isFinal = ({ kind }: Problem): boolean => !kind.retryable && kind.status < 500 && kind.status !== 429;

const refusalAnswer = (refusal: Problem, correlationId: string): Answer => ({
  status: refusal.kind.status,
  headers: { 'Content-Type': PROBLEM_MEDIA_TYPE },
  // Through JSON: only what can be stored is stored.
  body: JSON.parse(JSON.stringify(problemDocument(refusal, correlationId))) as Json,
});

/** Gives an answer, first or repeated. */
export function sendAnswer(response: Response, { status, headers, body }: Answer): void {
  response.status(status).setHeader('Cache-Control', 'no-store').setHeaders(new Map(Object.entries(headers)));
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(body));
}

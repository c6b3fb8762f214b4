import { errors } from '@elastic/elasticsearch';
import { BrokenCircuitError } from 'cockatiel';
import { PLATFORM_ERRORS, platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';

const MAX_REASON = 300;
const cut = (text: string): string => text.toWellFormed().replaceAll(/\s+/gu, ' ').trim().slice(0, MAX_REASON);

/**
 * The engine answered, and said no (any 4xx). Where nobody expects it, it is a Problem `search-unavailable` like every other fault of the engine;
 * who asked may look at `status` and `type` first.
 */
export class EngineRefusal extends Problem {
  constructor(readonly status: number, readonly type: string, readonly reason: string) {
    super('search-unavailable', PLATFORM_ERRORS['search-unavailable'], { reason: cut(`it answered ${status} ${type}: ${reason}`) });
  }

  /** Too many requests: the same one may be taken later. */
  get isBusy(): boolean {
    return this.status === 429;
  }
}

/** Any fault of a request as the Problem it is. */
export function engineProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof errors.ResponseError && error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new EngineRefusal(error.statusCode, ...causeOf(error.body));
  }
  return platformProblem('search-unavailable', { reason: cut(reasonOf(error)) }, { cause: error });
}

/** Whether the fault says something about the health of the engine; a refusal is a sign of life. */
export const isUnhealthy = (error: unknown): boolean => !(engineProblem(error) instanceof EngineRefusal);

function reasonOf(error: unknown): string {
  if (error instanceof BrokenCircuitError) return 'it failed several times in a row and is asked again in a moment';
  if (isTimeout(error)) return 'no answer in time';
  if (error instanceof errors.ResponseError) return `it answered ${error.statusCode ?? 'nothing readable'} ${causeOf(error.body).join(': ')}`;
  if (error instanceof errors.DeserializationError) return 'its answer is not JSON';
  return error instanceof Error ? error.message : String(error);
}

/** Our own time limit comes back as an aborted request or, from within the connection, as a fault of it. */
export const isTimeout = (error: unknown): boolean =>
  error instanceof errors.TimeoutError || error instanceof errors.RequestAbortedError || (error instanceof Error && error.message.includes('aborted due to timeout'));

/** `[type, reason]` of an error document; of anything else, its beginning. */
export function causeOf(body: unknown): [type: string, reason: string] {
  const fault = typeof body === 'object' && body !== null && 'error' in body ? body.error : body;
  if (typeof fault !== 'object' || fault === null) return ['', cut(typeof fault === 'string' ? fault : '')];
  const { type, reason, root_cause: roots } = fault as { type?: unknown; reason?: unknown; root_cause?: unknown };
  const deeper: unknown = Array.isArray(roots) ? roots[0] : undefined;
  if (typeof reason !== 'string' && deeper !== undefined) return causeOf(deeper);
  return [typeof type === 'string' ? type : '', typeof reason === 'string' ? cut(reason) : ''];
}

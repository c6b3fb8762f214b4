import type { ServerResponse } from 'node:http';
import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem, type ProblemDocument } from '#contracts/kernel/problem.js';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';
const PROBLEM_TYPE_PREFIX = 'urn:folio:problem:';
/** Said with a retryable 503 that names no time itself. */
const DEFAULT_RETRY_SECONDS = 1;

export interface FieldError {
  readonly field: string;
  readonly reason: string;
}

/** `field-invalid` that also lists each field with its reason, as the extension member `errors`. */
export class FieldProblem extends Problem {
  constructor(readonly errors: readonly FieldError[]) {
    const { code, kind, detail } = platformProblem('field-invalid', { fields: errors.map(({ field }) => field).join(', ') });
    super(code, kind, detail);
  }
}

const titleOf = (code: string): string => code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ');

/**
 * The RFC 9457 body of a problem. Facts of the detail travel as extension members; the standard members win over facts of the same name
 * (`status` of a user appears in the sentence only).
 */
export function problemDocument(problem: Problem, correlationId?: string): ProblemDocument {
  return {
    ...problem.detail,
    ...(problem instanceof FieldProblem && { errors: problem.errors }),
    type: `${PROBLEM_TYPE_PREFIX}${problem.code}`,
    title: titleOf(problem.code),
    status: problem.kind.status,
    detail: problem.message,
    code: problem.code,
    retryable: problem.kind.retryable,
    ...(correlationId !== undefined && { correlationId }),
  };
}

/** Seconds after which a repetition makes sense; undefined when none does. */
export function retryAfterOf({ kind, detail }: Problem): number | undefined {
  const named = detail['retryAfter'] ?? (kind.status === 429 ? detail['seconds'] : undefined);
  if (typeof named === 'number') return Math.max(1, Math.ceil(named));
  return kind.retryable && kind.status === 503 ? DEFAULT_RETRY_SECONDS : undefined;
}

/** Answers with the problem document and the headers that belong to its status. Headers must not have been sent. */
export function sendProblem(response: ServerResponse, problem: Problem, correlationId?: string): void {
  const retryAfter = retryAfterOf(problem);
  const body = Buffer.from(JSON.stringify(problemDocument(problem, correlationId)));
  response.statusCode = problem.kind.status;
  response.removeHeader('ETag');
  response.setHeader('Content-Type', PROBLEM_MEDIA_TYPE);
  response.setHeader('Content-Length', body.length);
  response.setHeader('Cache-Control', 'no-store');
  if (retryAfter !== undefined) response.setHeader('Retry-After', retryAfter);
  if (problem.kind.status === 401) response.setHeader('WWW-Authenticate', problem.code === 'token-missing' ? 'Bearer' : 'Bearer error="invalid_token"');
  response.end(body);
}

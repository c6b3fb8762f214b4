import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** A fault of the file system as its coded problem. */
export function objectProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== undefined && FULL.has(code)) return platformProblem('object-store-full', {}, { cause: error });
  return platformProblem('object-store-unavailable', { reason: code ?? message }, { cause: error });
}

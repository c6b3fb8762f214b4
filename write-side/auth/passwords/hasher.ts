import { argon2id, hash, verify } from 'argon2';
import { bulkhead, BulkheadRejectedError } from 'cockatiel';
import { problem } from '#contracts/errors.js';
import { normalisePassword } from '../rules.js';

/** Slow on purpose; never more at a time than the limit. */
export interface PasswordHasher {
  /** PHC string, with its own salt and parameters. @throws Problem sign-in-throttled when too many wait */
  hash(password: string): Promise<string>;
  /** Undefined stands for an unknown user: the same work, and the answer is false. @throws Problem sign-in-throttled */
  verify(passwordHash: string | undefined, password: string): Promise<boolean>;
}

export interface HashingLimits {
  /** Hashes at a time: each takes 19 MB and one thread of libuv's four, which file access needs too. */
  readonly maxConcurrent: number;
  readonly maxWaiting: number;
}

export const DEFAULT_HASHING_LIMITS: HashingLimits = { maxConcurrent: 2, maxWaiting: 200 };

/** OWASP Password Storage Cheat Sheet: Argon2id, 19 MiB, 2 passes, 1 lane. */
const PARAMETERS = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export function createPasswordHasher({ maxConcurrent, maxWaiting }: HashingLimits = DEFAULT_HASHING_LIMITS): PasswordHasher {
  const gate = bulkhead(maxConcurrent, maxWaiting);
  let decoy: Promise<string> | undefined;
  const bounded = <Result>(work: () => Promise<Result>): Promise<Result> =>
    gate.execute(work).catch((error: unknown) => {
      throw error instanceof BulkheadRejectedError ? problem('sign-in-throttled', { seconds: 1 }) : error;
    });
  return {
    hash: (password) => bounded(() => hash(normalisePassword(password), PARAMETERS)),
    verify: (passwordHash, password) => bounded(async () => {
      decoy ??= hash('a password that nobody has', PARAMETERS);
      const matches = await verify(passwordHash ?? (await decoy), normalisePassword(password));
      return matches && passwordHash !== undefined;
    }),
  };
}

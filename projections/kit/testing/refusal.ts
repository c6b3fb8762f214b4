import assert, { AssertionError } from 'node:assert';

/** A failure that the kit itself has found; a fold may throw assertions of its own, and those park its stream. */
export class Refusal extends AssertionError {}

/** A law that does not hold, in a sentence. @throws Refusal (an AssertionError) */
export function refuse(message: string): never {
  throw new Refusal({ message });
}

/** Two values must be deeply equal; otherwise the sentence, and below it how they differ. @throws Refusal (an AssertionError) */
export function checkEqual(message: string, actual: unknown, expected: unknown): void {
  try {
    assert.deepStrictEqual(actual, expected);
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    refuse(`${message}\n${error.message}`);
  }
}

import assert, { AssertionError } from 'node:assert';

/** A law that does not hold, in a sentence. @throws AssertionError */
export function refuse(message: string): never {
  throw new AssertionError({ message });
}

/** Two values must be deeply equal; otherwise the sentence, and below it how they differ. @throws AssertionError */
export function checkEqual(message: string, actual: unknown, expected: unknown): void {
  try {
    assert.deepStrictEqual(actual, expected);
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    refuse(`${message}\n${error.message}`);
  }
}

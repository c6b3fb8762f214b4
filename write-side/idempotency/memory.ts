import type { Answer, Attempt, Begun, IdempotencyKey, IdempotencyStore } from './port.js';

interface Entry extends Attempt {
  readonly answer?: Answer;
}

/** In one process's memory: for tests and short-lived tools. Same contract, no durability. */
export class MemoryIdempotencyStore implements IdempotencyStore {
  readonly #entries = new Map<string, Entry>();

  async begin(key: IdempotencyKey, attempt: Attempt, now: number): Promise<Begun> {
    const entry = this.#entries.get(nameOf(key));
    if (entry && entry.expiresAt > now) {
      if (entry.bodyHash !== attempt.bodyHash) return { outcome: 'mismatch' };
      if (entry.answer) return { outcome: 'answered', answer: entry.answer };
      if (entry.leasedUntil > now) return { outcome: 'in-flight', leasedUntil: entry.leasedUntil };
    }
    this.#entries.set(nameOf(key), attempt);
    return { outcome: 'begun' };
  }

  async complete(key: IdempotencyKey, lease: string, answer: Answer): Promise<void> {
    const entry = this.#entries.get(nameOf(key));
    if (entry?.lease === lease && !entry.answer) this.#entries.set(nameOf(key), { ...entry, answer });
  }

  async abandon(key: IdempotencyKey, lease: string): Promise<void> {
    const entry = this.#entries.get(nameOf(key));
    if (entry?.lease === lease && !entry.answer) this.#entries.delete(nameOf(key));
  }

  async purge(now: number): Promise<number> {
    const dead = [...this.#entries].filter(([, entry]) => entry.expiresAt <= now);
    for (const [name] of dead) this.#entries.delete(name);
    return dead.length;
  }
}

const nameOf = ({ principal, route, key }: IdempotencyKey): string => JSON.stringify([principal, route, key]);

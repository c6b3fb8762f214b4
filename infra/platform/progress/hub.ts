import type { Lane, Token } from '#contracts/kernel/lane.js';
import { comparePositions, isAfter, ORIGIN, type Position } from '#contracts/kernel/position.js';

interface Waiter {
  readonly key: string;
  readonly tokens: readonly Token[];
  wake(): void;
}

/** `reached`: every token's lane has come to its position. `position`: the lowest of those lanes. */
export interface Waited {
  readonly reached: boolean;
  readonly position: Position;
}

const keyOf = (projection: string, generation: number): string => `${projection}|${generation}`;

/** Waiters at most; beyond it a wait answers at once with what is there. */
const MAX_WAITERS = 10_000;

/**
 * How far each projection is, in this process: checkpoints are pushed here after their commit and wake those who wait for them.
 * No waiter polls; for checkpoints of other processes one poller per process publishes here.
 */
export class ProgressHub {
  readonly #positions = new Map<string, Map<Lane, Position>>();
  readonly #waiters = new Set<Waiter>();

  /** Never moves a lane backwards, except by `reset`. */
  publish(projection: string, generation: number, positions: Iterable<readonly [Lane, Position]>): void {
    const key = keyOf(projection, generation);
    const lanes = this.#positions.get(key) ?? new Map<Lane, Position>();
    this.#positions.set(key, lanes);
    for (const [lane, position] of positions) {
      if (isAfter(position, lanes.get(lane) ?? ORIGIN)) lanes.set(lane, position);
    }
    for (const waiter of this.#waiters) if (waiter.key === key && this.#reached(waiter.key, waiter.tokens)) waiter.wake();
  }

  positionOf(projection: string, generation: number, lane: Lane): Position {
    return this.#positions.get(keyOf(projection, generation))?.get(lane) ?? ORIGIN;
  }

  #reached(key: string, tokens: readonly Token[]): boolean {
    const lanes = this.#positions.get(key);
    return tokens.every(({ lane, position }) => comparePositions(lanes?.get(lane) ?? ORIGIN, position) >= 0);
  }

  #answer(projection: string, generation: number, tokens: readonly Token[]): Waited {
    const positions = tokens.map(({ lane }) => this.positionOf(projection, generation, lane)).sort(comparePositions);
    return { reached: this.#reached(keyOf(projection, generation), tokens), position: positions[0] ?? ORIGIN };
  }

  /** Someone waits for this projection and generation: the poller has work. */
  isAwaited(projection: string, generation: number): boolean {
    const key = keyOf(projection, generation);
    for (const waiter of this.#waiters) if (waiter.key === key) return true;
    return false;
  }

  /** Resolves as soon as all tokens are reached, or after the limit; never rejects. */
  async waitFor(projection: string, generation: number, tokens: readonly Token[], limitMs: number): Promise<Waited> {
    const key = keyOf(projection, generation);
    if (limitMs > 0 && !this.#reached(key, tokens) && this.#waiters.size < MAX_WAITERS) await this.#sleep(key, tokens, limitMs);
    return this.#answer(projection, generation, tokens);
  }

  #sleep(key: string, tokens: readonly Token[], limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const waiter: Waiter = { key, tokens, wake: () => done() };
      const done = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve();
      };
      const timer = setTimeout(done, limitMs);
      this.#waiters.add(waiter);
    });
  }
}

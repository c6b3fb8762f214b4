import type { Lane, Token } from '#contracts/kernel/lane.js';
import { comparePositions, laterOf, ORIGIN, type Position } from '#contracts/kernel/position.js';

/** Shortest time between the starts of two refreshes of an index (ms). */
export const REFRESH_EVERY_MS = 50;

export interface SearchableOptions {
  /** How far the projection has come in a lane: written, not yet findable. */
  readonly applied: (lane: Lane) => Position;
  readonly refresh: () => Promise<void>;
  readonly everyMs?: number;
}

/**
 * How far an index can be *searched*, beside how far it is written (`applied`). Only searches that carry a token ask for more: they share one
 * refresh, at most one per 50 ms, and what is searchable after it is what was applied *before* it.
 */
export class Searchable {
  readonly #reached = new Map<Lane, Position>();
  #startedAt = Number.NEGATIVE_INFINITY;
  /** The refresh that has not begun yet; who comes before it begins shares it. */
  #next: Promise<void> | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(private readonly options: SearchableOptions) {}

  /** Position in the lane up to which everything can be found. */
  positionOf(lane: Lane): Position {
    return this.#reached.get(lane) ?? ORIGIN;
  }

  /** What is applied of the tokens' positions can be found when it resolves; rejects as the refresh does. */
  async reach(tokens: readonly Token[]): Promise<void> {
    const { applied } = this.options;
    const wanted = tokens.map(({ lane, position }) => ({ lane, position: comparePositions(applied(lane), position) < 0 ? applied(lane) : position }));
    if (wanted.every(({ lane, position }) => comparePositions(this.positionOf(lane), position) >= 0)) return;
    for (const { lane } of wanted) if (!this.#reached.has(lane)) this.#reached.set(lane, ORIGIN);
    await (this.#next ??= this.#refreshSoon());
  }

  async #refreshSoon(): Promise<void> {
    const { everyMs = REFRESH_EVERY_MS, applied, refresh } = this.options;
    await this.#running.catch(() => undefined);
    const wait = this.#startedAt + everyMs - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    this.#next = undefined;
    this.#startedAt = performance.now();
    const before = [...this.#reached.keys()].map((lane) => [lane, applied(lane)] as const);
    this.#running = refresh();
    await this.#running;
    for (const [lane, position] of before) this.#reached.set(lane, laterOf(position, this.positionOf(lane)));
  }
}

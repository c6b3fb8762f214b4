import type { Lane, Token } from '#contracts/kernel/lane.js';
import { comparePositions, isAfter, ORIGIN, type Position } from '#contracts/kernel/position.js';
import { Waiter, WaitingLine } from './waiting-line.js';

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
  readonly #views = new Map<string, View>();
  #waiting = 0;

  /** Never moves a lane backwards. */
  publish(projection: string, generation: number, positions: Iterable<readonly [Lane, Position]>): void {
    this.#viewOf(keyOf(projection, generation)).publish(positions);
  }

  positionOf(projection: string, generation: number, lane: Lane): Position {
    return this.#views.get(keyOf(projection, generation))?.positionOf(lane) ?? ORIGIN;
  }

  /** Someone waits for this projection and generation: the poller has work. */
  isAwaited(projection: string, generation: number): boolean {
    return (this.#views.get(keyOf(projection, generation))?.waiting ?? 0) > 0;
  }

  /** Resolves as soon as all tokens are reached, or after the limit; never rejects. */
  async waitFor(projection: string, generation: number, tokens: readonly Token[], limitMs: number): Promise<Waited> {
    const view = this.#viewOf(keyOf(projection, generation));
    if (limitMs > 0 && this.#waiting < MAX_WAITERS && view.unreached(tokens, 0) < tokens.length) {
      this.#waiting += 1;
      await view.wait(tokens, limitMs);
      this.#waiting -= 1;
    }
    return view.answer(tokens);
  }

  #viewOf(key: string): View {
    let view = this.#views.get(key);
    if (!view) this.#views.set(key, (view = new View()));
    return view;
  }
}

/** One lane of a view: how far it is, and who waits for more of it. */
interface LaneState {
  position: Position;
  readonly line: WaitingLine;
}

/** One generation of a projection. */
class View {
  readonly #lanes = new Map<Lane, LaneState>();
  waiting = 0;

  positionOf(lane: Lane): Position {
    return this.#lanes.get(lane)?.position ?? ORIGIN;
  }

  /** Looks at the head of each line that moved, and at nobody who has to wait on. */
  publish(positions: Iterable<readonly [Lane, Position]>): void {
    const moved: LaneState[] = [];
    for (const [lane, position] of positions) {
      const state = this.#stateOf(lane);
      if (!isAfter(position, state.position)) continue;
      state.position = position;
      moved.push(state);
    }
    // All lanes have moved before anybody is woken: who waits for two of them goes on once.
    for (const { line, position } of moved) {
      for (let first = line.first; first && !isAfter(first.awaited, position); first = line.first) {
        line.leave(first);
        this.#goOn(first);
      }
    }
  }

  /** Place of the first token, from this one on, whose lane has not come to it; their number when all have. */
  unreached(tokens: readonly Token[], from: number): number {
    for (let place = from; place < tokens.length; place += 1) {
      const token = tokens[place];
      if (token && isAfter(token.position, this.positionOf(token.lane))) return place;
    }
    return tokens.length;
  }

  answer(tokens: readonly Token[]): Waited {
    const positions = tokens.map(({ lane }) => this.positionOf(lane)).sort(comparePositions);
    return { reached: this.unreached(tokens, 0) === tokens.length, position: positions[0] ?? ORIGIN };
  }

  /** Resolves when all tokens are reached, or after the limit. */
  wait(tokens: readonly Token[], limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const waiter = new Waiter(tokens, resolve);
      this.waiting += 1;
      // Node keeps the timers of one length in one list behind one timer of its own: a limit costs no more than a place in it.
      waiter.limit = setTimeout(expire, limitMs, this, waiter);
      this.#goOn(waiter);
    });
  }

  /** Stands in line for the next token that is not reached, or is done. */
  #goOn(waiter: Waiter): void {
    waiter.place = this.unreached(waiter.tokens, waiter.place);
    const token = waiter.tokens[waiter.place];
    if (token) this.#stateOf(token.lane).line.join(waiter);
    else this.#done(waiter);
  }

  giveUp(waiter: Waiter): void {
    const token = waiter.tokens[waiter.place];
    if (token) this.#stateOf(token.lane).line.leave(waiter);
    this.#done(waiter);
  }

  #done(waiter: Waiter): void {
    clearTimeout(waiter.limit);
    this.waiting -= 1;
    waiter.resolve();
  }

  #stateOf(lane: Lane): LaneState {
    let state = this.#lanes.get(lane);
    if (!state) this.#lanes.set(lane, (state = { position: ORIGIN, line: new WaitingLine() }));
    return state;
  }
}

const expire = (view: View, waiter: Waiter): void => view.giveUp(waiter);

import { ORIGIN, type Position } from '#contracts/kernel/position.js';

export type RebuildStage = 'fold' | 'paused' | 'index' | 'catch-up' | 'switch' | 'done';

export interface RebuildProgress {
  readonly projection: string;
  readonly generation: number;
  readonly stage: RebuildStage;
  readonly eventsDone: number;
  /** Estimated by how much of the log is behind; never less than `eventsDone`. */
  readonly eventsTotal: number;
  readonly perSecond: number;
  readonly etaSeconds: number;
}

const EVERY_MS = 100;

/** Counts events and tells the caller at most ten times a second, and at every stage. What is left is estimated by positions: counting the log would cost as much as a good part of folding it. */
export class ProgressMeter {
  #done = 0;
  #from = ORIGIN;
  #at = ORIGIN;
  #head = ORIGIN;
  #told = 0;
  #stage: RebuildStage = 'fold';
  readonly #started = performance.now();
  readonly #tell: (progress: RebuildProgress) => void;

  constructor(readonly projection: string, readonly generation: number, tell: (progress: RebuildProgress) => void) {
    this.#tell = tell;
  }

  /** The log up to where it is folded. */
  expect(head: Position): void {
    this.#head = head;
  }

  /** Folding goes on behind this position: what lies before it is not part of this run. */
  begin(from: Position): void {
    this.#from = from;
    this.#at = from;
  }

  add(events: number, upTo: Position = this.#at): void {
    this.#done += events;
    this.#at = upTo;
    if (performance.now() - this.#told >= EVERY_MS) this.#report();
  }

  stage(stage: RebuildStage): void {
    this.#stage = stage;
    this.#report();
  }

  #report(): void {
    this.#told = performance.now();
    this.#tell(this.current());
  }

  current(): RebuildProgress {
    const seconds = Math.max((performance.now() - this.#started) / 1_000, 0.001);
    const perSecond = Math.round(this.#done / seconds);
    const [behind, ahead] = [Number(this.#at) - Number(this.#from), Number(this.#head) - Number(this.#at)];
    const left = behind > 0 && ahead > 0 ? Math.round((this.#done * ahead) / behind) : 0;
    const etaSeconds = perSecond === 0 ? 0 : Math.ceil(left / perSecond);
    return { projection: this.projection, generation: this.generation, stage: this.#stage, eventsDone: this.#done, eventsTotal: this.#done + left, perSecond, etaSeconds };
  }
}

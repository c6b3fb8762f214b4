export type RebuildStage = 'fold' | 'paused' | 'index' | 'catch-up' | 'switch' | 'done';

export interface RebuildProgress {
  readonly projection: string;
  readonly generation: number;
  readonly stage: RebuildStage;
  readonly eventsDone: number;
  /** Counted up to the store's limit; never less than `eventsDone`. */
  readonly eventsTotal: number;
  readonly perSecond: number;
  readonly etaSeconds: number;
}

const EVERY_MS = 100;

/** Counts events and tells the caller at most ten times a second, and at every stage. */
export class ProgressMeter {
  #done = 0;
  #total = 0;
  #told = 0;
  #stage: RebuildStage = 'fold';
  readonly #started = performance.now();
  readonly #tell: (progress: RebuildProgress) => void;

  constructor(readonly projection: string, readonly generation: number, tell: (progress: RebuildProgress) => void) {
    this.#tell = tell;
  }

  expect(events: number): void {
    this.#total = events;
  }

  add(events: number): void {
    this.#done += events;
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
    const left = Math.max(0, this.#total - this.#done);
    const etaSeconds = perSecond === 0 ? 0 : Math.ceil(left / perSecond);
    return { projection: this.projection, generation: this.generation, stage: this.#stage, eventsDone: this.#done, eventsTotal: Math.max(this.#total, this.#done), perSecond, etaSeconds };
  }
}

import { Presets, SingleBar } from 'cli-progress';

/** A bar with rate and ETA on standard error, where a person is looking; silent otherwise. */
export class Progress {
  readonly #bar: SingleBar | undefined;
  readonly #began = performance.now();
  #done = 0;

  constructor(title: string, visible: boolean) {
    if (!visible) return;
    this.#bar = new SingleBar({ format: `${title} {bar} {value}/{total} {rate}/s ETA {eta_formatted}`, stream: process.stderr, hideCursor: true, etaBuffer: 200 }, Presets.shades_classic);
    this.#bar.start(0, 0, { rate: 0 });
  }

  total(count: number): void {
    this.#bar?.setTotal(count);
  }

  step(count = 1): void {
    this.at(this.#done + count);
  }

  at(done: number): void {
    this.#done = done;
    const seconds = (performance.now() - this.#began) / 1_000;
    this.#bar?.update(done, { rate: seconds > 0 ? Math.round(done / seconds) : 0 });
  }

  end(): void {
    this.#bar?.stop();
  }
}

import type { StoredProjection } from './kit/projection.js';
import type { WorkerContext } from './worker/context.js';
import { FINGERPRINT, fingerprintOf, outOfDate, type Fingerprint, type OutOfDate } from './worker/fingerprint.js';

/** Which projections show rows that other code built than this process has; looked at when it starts and after every switch. */
export class Fingerprints {
  readonly #context: WorkerContext;
  readonly #known: readonly StoredProjection[];
  readonly #now: ReadonlyMap<string, Fingerprint>;
  #found = new Map<string, OutOfDate>();
  #epoch = -1;

  constructor(context: WorkerContext, known: readonly StoredProjection[]) {
    this.#context = context;
    this.#known = known;
    this.#now = new Map(known.map((projection) => [projection.name, fingerprintOf(projection)]));
  }

  of(projection: string): OutOfDate | undefined {
    return this.#found.get(projection);
  }

  /** Asks the control database only when readers were switched since. Said once in the log, when it is found. */
  async look(): Promise<void> {
    const { pointer, generations, log } = this.#context;
    const { epoch } = pointer.current();
    if (epoch === this.#epoch) return;
    const found = new Map<string, OutOfDate>();
    for (const projection of this.#known) {
      const generation = pointer.generationOf(projection.name);
      if (generation === undefined) continue;
      const built = FINGERPRINT.safeParse(await generations.fingerprintOf(projection.name, generation)).data;
      const old = outOfDate(projection, built, this.#now.get(projection.name));
      if (!old) continue;
      found.set(projection.name, old);
      if (!this.#found.has(projection.name)) log.warn({ projection: projection.name, ...old }, 'readers have rows that other code built');
    }
    this.#found = found;
    this.#epoch = epoch;
  }

  /** Streams with an event of this type were folded again with the code of now, in place. */
  async repaired(projection: StoredProjection, type: string): Promise<void> {
    const { generations, pointer } = this.#context;
    const generation = pointer.generationOf(projection.name) ?? 0;
    const built = FINGERPRINT.safeParse(await generations.fingerprintOf(projection.name, generation)).data;
    const version = this.#now.get(projection.name)?.events[type];
    if (!built || version === undefined) return;
    await generations.describe(projection.name, generation, { ...built, events: { ...built.events, [type]: version } });
    this.#epoch = -1;
  }
}

import type { Lane } from '#contracts/kernel/lane.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import { laterOf, type Position } from '#contracts/kernel/position.js';
import type { ProjectionStatus, RebuildStatus } from '#contracts/queries.js';
import { lanesOf } from '#contracts/topics.js';
import type { WorkerBoard } from '#platform/control/worker-board.js';
import { pause } from '#platform/wake.js';
import { isThere, join, lowestOf, type Told } from './join.js';
import type { StoredProjection } from './kit/projection.js';
import type { Observer, Parked } from './observe.js';
import type { OutOfDate } from './worker/fingerprint.js';
import type { RebuildProgress } from './worker/rebuild/progress.js';
import type { RunnerStatus } from './worker/runner.js';

/** Events that have waited for so long while no lane moved mean that a worker is stuck (s). */
export const STALLED_SECONDS = 30;
/** What has not answered by then is told as unknown (ms): a frozen shard does not hold up what the others say. */
const ANSWER_MS = 1_000;

type Named = Pick<StoredProjection, 'name' | 'topics'>;

/** A worker of this process, as far as its status is asked. */
export interface LocalWorker {
  status(): RunnerStatus;
}

export interface ProjectionStatusesOptions {
  readonly observer: Observer;
  readonly board: Pick<WorkerBoard<RunnerStatus, RebuildProgress>, 'workers' | 'rebuilds'>;
  /** Those that are told of, wherever their workers are. */
  readonly known: readonly Named[];
  /** Name under which the workers of this process lease. */
  readonly owner: string;
  /** Live workers of this process, by projection. */
  readonly workers: ReadonlyMap<string, LocalWorker>;
  /** What every process keeps for itself: nobody else's worker counts. */
  readonly own?: LocalWorker & { readonly projection: Named } | undefined;
  /** A rebuild that runs in this process. */
  readonly rebuildOf: (projection: string) => RebuildProgress | undefined;
  /** Rows that other code built. */
  readonly outOfDate?: (projection: string) => OutOfDate | undefined;
  /** Default `STALLED_SECONDS`. */
  readonly stalledSeconds?: number | undefined;
}

/** Where lanes stand. Not whole: the checkpoints do not answer, and of some lanes no worker has told. */
interface Places {
  readonly positions: ReadonlyMap<Lane, Position>;
  readonly isWhole: boolean;
}

/** What is asked once for all projections. */
interface Gathered {
  readonly workers: readonly (Told & { readonly projection: string })[];
  readonly rebuilds: ReadonlyMap<string, RebuildProgress>;
  /** Undefined: a shard does not answer. */
  readonly parked: ((projection: string) => Parked) | undefined;
}

/**
 * The status of projections over all processes: workers of this one are asked directly, those of others have told the board, and where
 * lanes stand that nobody here holds is in the checkpoints. Whatever does not answer makes a figure unknown, never the whole status.
 */
export class ProjectionStatuses {
  readonly #options: ProjectionStatusesOptions;
  readonly #stalledSeconds: number;

  constructor(options: ProjectionStatusesOptions) {
    this.#options = options;
    this.#stalledSeconds = options.stalledSeconds ?? STALLED_SECONDS;
  }

  /** One entry per projection, counted now. */
  async all(): Promise<readonly ProjectionStatus[]> {
    const { known, own } = this.#options;
    const gathered = await this.#gather();
    const rows = known.map((projection) => this.#one(projection, gathered));
    return Promise.all(own ? [...rows, this.#ofThisProcess(own)] : rows);
  }

  /** For readiness: faults of workers of this process. Behind alone is none. @throws Problem log-diverged, Error naming the projection that is stuck */
  async check(): Promise<void> {
    const { workers, known, own } = this.#options;
    if ([...workers.values()].some((worker) => worker.status().state === 'log-diverged')) throw platformProblem('log-diverged');
    const here = [...known.map((projection) => ({ projection, worker: workers.get(projection.name) })), ...(own ? [{ projection: own.projection, worker: own }] : [])];
    await Promise.all(here.map(async ({ projection, worker }) => {
      const status = worker?.status();
      if (status && (await this.#isStuck(projection, status))) throw new Error(`${projection.name} lags and has not moved for ${Math.floor(status.stillSeconds)} s`);
    }));
  }

  async #gather(): Promise<Gathered> {
    const { board, observer, owner, workers } = this.#options;
    const [notes, rebuilds, parked] = await Promise.all([
      inTime(board.workers(), []), inTime(board.rebuilds(), new Map<string, RebuildProgress>()), inTime(observer.parked(), undefined),
    ]);
    const mine = [...workers].map(([projection, worker]) => ({ ...worker.status(), projection, owner, age: 0 }));
    const others = notes.filter((note) => note.owner !== owner).map((note) => ({ ...note.report, projection: note.projection, owner: note.owner, age: note.age }));
    return { workers: [...mine, ...others], rebuilds, parked };
  }

  async #one(projection: Named, { workers, rebuilds, parked }: Gathered): Promise<ProjectionStatus> {
    const { observer, rebuildOf } = this.#options;
    const { name } = projection;
    const told = workers.filter((worker) => worker.projection === name);
    const quarantine = parked?.(name);
    return {
      ...(await this.#joined(projection, observer.generationOf(name), told, await this.#positions(projection, told))),
      parkedStreams: quarantine?.streams ?? null,
      oldestParkedSeconds: quarantine && quarantine.streams > 0 ? quarantine.oldestSeconds : null,
      outOfDate: this.#options.outOfDate?.(name) ?? null,
      rebuild: rebuildStatus(rebuildOf(name) ?? rebuilds.get(name)),
    };
  }

  async #ofThisProcess(own: LocalWorker & { readonly projection: Named }): Promise<ProjectionStatus> {
    const told = { ...own.status(), owner: this.#options.owner, age: 0 };
    return { ...(await this.#joined(own.projection, 1, [told], { positions: positionsOf([told]), isWhole: true })), parkedStreams: 0, oldestParkedSeconds: null, outOfDate: null, rebuild: null };
  }

  async #joined(projection: Named, generation: number, told: readonly Told[], { positions, isWhole }: Places): Promise<Omit<ProjectionStatus, 'parkedStreams' | 'oldestParkedSeconds' | 'outOfDate' | 'rebuild'>> {
    const { observer } = this.#options;
    const position = lowestOf(positions.values());
    // Behind lanes that nobody tells of there may be anything.
    const eventsBehind = isWhole ? await inTime(observer.eventsAfter(projection, position), null) : null;
    // A log that does not answer leaves what the workers have read.
    const known = Math.max(0, ...told.filter(isThere).map(({ secondsBehind }) => secondsBehind));
    const secondsBehind = eventsBehind === 0 ? 0 : isWhole ? await inTime(observer.waitingSeconds(projection, position), known) : known;
    const stalled = secondsBehind > this.#stalledSeconds && (await this.#nothingMoves(projection, told));
    return { name: projection.name, generation, ...join(told, positions, eventsBehind), eventsBehind, secondsBehind, stalled };
  }

  /** Lanes held here are known to the event; of the others the checkpoints are fresher than what their workers told, which is what is left without them. */
  async #positions({ name, topics }: Named, told: readonly Told[]): Promise<Places> {
    const lanes = lanesOf(topics).length;
    const here = positionsOf(told.filter(({ age }) => age === 0));
    if (here.size === lanes) return { positions: here, isWhole: true };
    const checkpoints = await inTime(this.#options.observer.checkpoints(name), undefined);
    const elsewhere = checkpoints ?? positionsOf(told);
    const positions = new Map([...elsewhere, ...[...here].map(([lane, position]) => [lane, laterOf(position, elsewhere.get(lane) ?? position)] as const)]);
    return { positions, isWhole: checkpoints !== undefined || positions.size === lanes };
  }

  /** Nobody is there to move a lane, or one that should does not. */
  async #nothingMoves(projection: Named, told: readonly Told[]): Promise<boolean> {
    const working = told.filter((worker) => isThere(worker) && worker.state !== 'waiting');
    const stuck = await Promise.all(working.map((worker) => this.#isStuck(projection, worker)));
    return working.length === 0 || stuck.includes(true);
  }

  /** Events have waited behind the worker's lanes for longer than the limit, and none of its lanes has moved for as long. A log that does not answer is no fault of the worker. */
  async #isStuck(projection: Named, { state, stillSeconds, position }: RunnerStatus): Promise<boolean> {
    if (state === 'waiting' || state === 'stopped' || stillSeconds <= this.#stalledSeconds) return false;
    return (await inTime(this.#options.observer.waitingSeconds(projection, position), 0)) > this.#stalledSeconds;
  }
}

const positionsOf = (told: readonly Told[]): ReadonlyMap<Lane, Position> => new Map(told.flatMap(({ lanes }) => lanes.map(({ lane, position }) => [lane, position] as const)));

function rebuildStatus(progress: RebuildProgress | undefined): RebuildStatus | null {
  if (!progress) return null;
  const { generation, stage, eventsDone, eventsTotal, perSecond, etaSeconds } = progress;
  return { generation, stage, eventsDone, eventsTotal, perSecond, etaSeconds };
}

/** The answer, or `otherwise` when it fails or is late. */
async function inTime<Answer, Otherwise>(answer: Promise<Answer>, otherwise: Otherwise): Promise<Answer | Otherwise> {
  const answered = new AbortController();
  const late = pause(ANSWER_MS, answered.signal).then(() => otherwise);
  return Promise.race([answer.catch(() => otherwise), late]).finally(() => answered.abort());
}

import type { Lane } from '#contracts/kernel/lane.js';
import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import { comparePositions, ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { WorkerState } from '#contracts/queries.js';
import { lanesOf } from '#contracts/topics.js';
import { RENEW_MS, type Lease } from '#platform/control/leases.js';
import type { FeedBatch } from '#platform/feed/port.js';
import { isDiskFull, sqlState, WriterConnection } from '#platform/read-store/connection.js';
import { FENCED } from '#platform/read-store/migrations.js';
import { pause } from '#platform/wake.js';
import { isDerived, type StoredProjection } from '../kit/projection.js';
import { reasonOf, type Outcomes } from './batch.js';
import { currentGenerations, openGenerations } from './bootstrap.js';
import { WORKER_LIMITS, type WorkerContext } from './context.js';
import { LogIdentity, newestApplied } from './log-identity.js';
import { giveRoom } from './room.js';
import { Session } from './session.js';
import { hasMoved, WorkerSignals, type LaneSignals } from './signals.js';

/** What a worker says of itself, here and (as JSON, once a second) on the board that other processes read. */
export interface RunnerStatus {
  readonly state: WorkerState;
  readonly generations: readonly number[];
  /** Those it holds. */
  readonly lanes: readonly (LaneSignals & { readonly lane: Lane; readonly position: Position })[];
  readonly position: Position;
  /** Age (s) of the oldest event that was read and is not visible yet. */
  readonly secondsBehind: number;
  readonly eventsPerSecond: number;
  /** Seconds since one of its lanes moved, or since the worker began. */
  readonly stillSeconds: number;
  readonly outcomes: Readonly<Outcomes>;
  readonly lastBatchEvents: number;
  readonly parkedStreams: number;
  /** That its process knows; absent: it is of a release that did not tell. */
  readonly shards?: number;
}

/**
 * The live worker of one projection: leases → resume → batch after batch. Whatever changes (lanes, generations, a lost connection) ends
 * the session at a batch's border, and the next one begins from the checkpoints.
 */
export class Runner {
  readonly #context: WorkerContext;
  readonly #stop = new AbortController();
  readonly #lanes: readonly Lane[];
  readonly #connections: WriterConnection[] = [];
  readonly #signals = new WorkerSignals();
  #leases: readonly Lease[] = [];
  #session: Session | undefined;
  #identity: LogIdentity | undefined;
  #sessionEnd = new AbortController();
  #generations: readonly number[] = [];
  #state: RunnerStatus['state'] = 'starting';
  #lastCommit = 0;
  #done: Promise<void> | undefined;

  constructor(context: WorkerContext, readonly projection: StoredProjection) {
    this.#context = context;
    this.#lanes = lanesOf(projection.topics);
  }

  start(): void {
    this.#done ??= Promise.all([this.#run(), this.#keepLeases(), this.#watchLog()]).then(() => undefined);
  }

  /** The generations changed: end the session at the next border of a batch and begin again. */
  reload(): void {
    this.#sessionEnd.abort();
  }

  /** Finishes the batch in hand and gives the lanes back. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#sessionEnd.abort();
    await this.#done;
    await this.#context.leases.release(this.projection.name, this.#leases).catch(() => undefined);
    await this.#context.leases.leave(this.projection.name).catch(() => undefined);
    await Promise.all(this.#connections.map((connection) => connection.close()));
    this.#generations = [];
    this.#state = 'stopped';
  }

  /** Death without goodbye, for tests: nothing is released. */
  async abandon(): Promise<void> {
    this.#leases = [];
    await this.stop();
  }

  async #run(): Promise<void> {
    let backoff: number = WORKER_LIMITS.firstBackoffMs;
    while (!this.#stop.signal.aborted) {
      if (this.#state === 'log-diverged') {
        await this.#untilBuiltAnew();
        continue;
      }
      this.#sessionEnd = new AbortController();
      try {
        await this.#runSession(this.#sessionEnd.signal);
        backoff = WORKER_LIMITS.firstBackoffMs;
      } catch (error) {
        this.#noteFault(error);
        if (isDiskFull(error)) await giveRoom(this.#context, this.projection, reasonOf(error)).catch(() => undefined);
        // Another owner has the lanes, or their rows were edited beside this worker: looked at anew at once.
        if (sqlState(error) === FENCED) continue;
        await pause(backoff, this.#stop.signal);
        backoff = Math.min(backoff * 2, WORKER_LIMITS.maxBackoffMs);
      }
    }
  }

  /** Nothing is written for a log that the rows do not belong to; generations that were built from this one end that. */
  async #untilBuiltAnew(): Promise<void> {
    this.#session = undefined;
    while (!this.#stop.signal.aborted) {
      await pause(RENEW_MS, this.#stop.signal);
      if (await this.#generationsChanged().catch(() => false)) break;
    }
    this.#identity = undefined;
    this.#state = 'starting';
  }

  /** Lost connections, time-outs and fences count nothing: the next session resumes from the checkpoints. */
  #noteFault(error: unknown): void {
    const projection = this.projection.name;
    this.#state = error instanceof Problem && error.code === 'log-diverged' ? 'log-diverged' : 'failing';
    if (sqlState(error) === FENCED) this.#leases = [];
    this.#context.hooks.onFault?.({ projection, error });
    this.#context.log.warn({ projection, reason: error instanceof Error ? error.message : String(error) }, 'projection paused');
  }

  async #runSession(signal: AbortSignal): Promise<void> {
    const { projection } = this;
    const context = this.#context;
    const { logId, head } = await context.feed.status(projection.topics);
    const careful = (await this.#takeLanes()) ? {} : { careful: head };
    if (this.#leases.length === 0) {
      this.#state = 'waiting';
      this.#session = undefined;
      return pause(RENEW_MS, signal);
    }
    const mayCreate = this.#leases.some(({ lane }) => lane === this.#lanes[0]);
    const generations = await openGenerations(context, projection, this.#lanes, logId, mayCreate);
    const [first] = generations;
    if (!first) {
      this.#state = 'waiting';
      return pause(RENEW_MS, signal);
    }
    this.#generations = generations.map(({ generation }) => generation);
    const session = new Session({ context, projection, generations, leases: this.#leases, connections: this.#connected(), logId, ...careful });
    await session.open(signal);
    this.#identity ??= new LogIdentity(context, projection.topics, logId, await newestApplied(context, projection, first));
    if (!(await this.#identity.holds(session.positions.values()))) throw platformProblem('log-diverged');
    this.#session = session;
    this.#state = 'running';
    const reading = new AbortController();
    try {
      for await (const batch of ahead(session.batches(AbortSignal.any([signal, reading.signal])))) {
        await this.#applyBatch(session, batch);
        if (signal.aborted) return;
      }
    } finally {
      reading.abort();
    }
  }

  /** To every shard that keeps something of the projection; there may be more than in the session before. */
  #connected(): readonly WriterConnection[] {
    const kept = keptOn(this.#context.shards.settings, this.projection);
    for (const settings of kept.slice(this.#connections.length)) this.#connections.push(new WriterConnection(settings, `folio-${this.projection.name}`, { silentMs: this.#context.silentMs }));
    return this.#connections;
  }

  /** @returns whether whoever had the lanes before let go of them; this worker's own earlier session did */
  async #takeLanes(): Promise<boolean> {
    const { projection } = this;
    const context = this.#context;
    const share = fairShare(this.#lanes.length, await context.leases.present(projection.name, this.status()));
    const kept = this.#leases.slice(0, share);
    if (kept.length < this.#leases.length) await context.leases.release(projection.name, this.#leases.slice(share));
    const own = new Map(kept.map(({ lane, epoch }) => [lane, BigInt(epoch) + 1n]));
    const taken = await context.leases.take(projection.name, this.#lanes, share);
    this.#leases = taken;
    const clean = taken.every((lease) => lease.clean || own.get(lease.lane) === BigInt(lease.epoch));
    if (!clean) context.log.warn({ projection: projection.name }, 'lanes of a worker that did not let go of them: one event at a time');
    return clean;
  }

  async #applyBatch(session: Session, batch: FeedBatch): Promise<void> {
    const now = performance.now();
    // Lanes read apart say that they are quiet only once, and seldom; a feed of the whole log says so again with every page.
    const saidAgain = batch.entries.length === 0 && batch.reached === undefined;
    // What stands apart is brought together also when nothing comes any more: only together can it be compared.
    if (saidAgain && now - this.#lastCommit < WORKER_LIMITS.idleCommitMs && !session.isApart) return session.publish(batch);
    const before = session.positions;
    const fresh = this.#signals.begin(batch, before);
    const outcomes = await session.apply(batch);
    this.#lastCommit = performance.now();
    this.#identity?.note(batch.entries.at(-1)?.event);
    this.#signals.committed(batch, fresh, outcomes, hasMoved(before, session.positions));
    this.#tellBatch(batch, outcomes, (this.#lastCommit - now) / 1_000);
  }

  #tellBatch(batch: FeedBatch, outcomes: Outcomes, seconds: number): void {
    const last = batch.entries.at(-1)?.event.recordedAt;
    const visibleAfterMs = last === undefined ? null : Math.max(0, Date.now() - Date.parse(last));
    this.#context.hooks.onBatch?.({ projection: this.projection.name, events: batch.entries.length, outcomes, seconds, visibleAfterMs });
  }

  async #keepLeases(): Promise<void> {
    const { leases } = this.#context;
    while (!this.#stop.signal.aborted) {
      await pause(RENEW_MS, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      if (this.#state !== 'running') {
        await leases.tell(this.projection.name, this.status()).catch(() => undefined);
        continue;
      }
      // A control database that does not answer costs nothing yet: the fence decides whether this worker still owns its lanes.
      const kept = await leases.renew(this.projection.name, this.#leases).catch(() => undefined);
      if (kept && kept.size < this.#leases.length) this.reload();
      const shared = await this.#shareChanged().catch(() => false);
      if (shared || (await this.#generationsChanged().catch(() => false))) this.reload();
    }
  }

  /** A worker came or went: lanes are spread evenly over those that are there. */
  async #shareChanged(): Promise<boolean> {
    const { leases } = this.#context;
    const share = fairShare(this.#lanes.length, await leases.present(this.projection.name, this.status()));
    if (this.#leases.length >= share) return this.#leases.length > share;
    return leases.free(this.projection.name, this.#missing());
  }

  /** Another process has built a generation that this worker must adopt, or dropped one that it writes. */
  async #generationsChanged(): Promise<boolean> {
    const current = await currentGenerations(this.#context, this.projection);
    return current.map(({ generation }) => generation).join() !== this.#generations.join();
  }

  /** Nothing more is written once the log is another one; a log that does not answer says nothing about that. */
  async #watchLog(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await pause(this.#context.checkLogMs ?? WORKER_LIMITS.checkLogMs, this.#stop.signal);
      if (this.#stop.signal.aborted || this.#state !== 'running' || !this.#session) continue;
      const holds = await this.#identity?.holds(this.#session.positions.values()).catch(() => true);
      if (holds !== false) continue;
      this.#noteFault(platformProblem('log-diverged'));
      this.#sessionEnd.abort();
    }
  }

  #missing(): readonly Lane[] {
    const held = new Set(this.#leases.map(({ lane }) => lane));
    return this.#lanes.filter((lane) => !held.has(lane));
  }

  /** As of now, without a query. */
  status(): RunnerStatus {
    const held = new Set(this.#leases.map(({ lane }) => lane));
    const positions = [...(this.#session?.positions ?? [])].filter(([lane]) => held.has(lane));
    const lanes = positions.map(([lane, position]) => ({ lane, position, ...this.#signals.ofLane(lane) }));
    const { secondsBehind, eventsPerSecond, stillSeconds, outcomes, lastBatchEvents } = this.#signals;
    return {
      state: this.#state, generations: this.#generations, lanes, position: lanes.map(({ position }) => position).sort(comparePositions)[0] ?? ORIGIN,
      secondsBehind, eventsPerSecond, stillSeconds, outcomes, lastBatchEvents, parkedStreams: this.#session?.parkedStreams ?? 0, shards: this.#context.shards.count,
    };
  }
}

/** The next one is asked for while this one is worked on, and no more than that. */
async function* ahead<Item>(source: AsyncIterable<Item>): AsyncIterable<Item> {
  const items = source[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<Item>> => {
    const asked = items.next();
    // Awaited in the next round; until then a failure must not count as unhandled.
    asked.catch(() => undefined);
    return asked;
  };
  for (let next = ask(); ;) {
    const result = await next;
    if (result.done === true) return;
    next = ask();
    yield result.value;
  }
}

/** Shards that keep the projection's checkpoints, and its rows where they are in Postgres. */
const keptOn = <Shard>(shards: readonly Shard[], projection: StoredProjection): readonly Shard[] => (isDerived(projection) ? shards.slice(0, 1) : shards);

/** Lanes of one of so many workers; the last one may get fewer. */
const fairShare = (lanes: number, workers: number): number => Math.ceil(lanes / Math.max(1, workers));

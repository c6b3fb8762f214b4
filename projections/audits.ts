import { platformProblem } from '#contracts/kernel/errors.js';
import { ORIGIN } from '#contracts/kernel/position.js';
import { Problem } from '#contracts/kernel/problem.js';
import type { AuditReport, ComparisonReport } from '#contracts/queries.js';
import type { Generation } from '#platform/control/generations.js';
import type { AuditView } from '#platform/control/pointer.js';
import { isSameTable, shardsIn } from '#platform/read-store/slot-tables.js';
import type { TableSpec } from '#platform/read-store/table.js';
import { isDerived, type RowProjection, type StoredProjection } from './kit/projection.js';
import { knownProjection } from './known.js';
import type { Rebuilds } from './rebuilds.js';
import { compareDocuments } from './worker/compare/compare-documents.js';
import { joined, rowDifferences, tallyDifferences, type Differences } from './worker/compare/differences.js';
import { reasonOf } from './worker/batch.js';
import type { WorkerContext } from './worker/context.js';
import { audit, checkAudit, type AuditOptions } from './worker/rebuild/audit.js';
import { dropUnused } from './worker/rebuild/switch.js';
import { inSnapshots } from './worker/reshard/moment.js';
import { rowDifferencesOfUnions, tallyDifferencesOfUnions } from './worker/reshard/union-differences.js';

/** Read models of another moment, beside those that readers use: made, named, looked at, compared, dropped. */
export class Audits {
  readonly #unfinished = new Map<string, AuditReport>();

  constructor(private readonly context: WorkerContext, private readonly known: readonly StoredProjection[], private readonly rebuilds: Rebuilds) {}

  /** Those that can be asked for, and those that this process is building or failed to build. The oldest first. */
  list(): readonly AuditReport[] {
    const ready = Object.entries(this.context.pointer.current().views).filter(([name]) => !this.#unfinished.has(name)).map(([name, view]) => reportOf(name, view));
    return [...ready, ...this.#unfinished.values()].sort((left, right) => (left.createdAt < right.createdAt ? -1 : 1));
  }

  /** Whether it can be begun. @throws Problem projection-unknown | until-invalid */
  async check(names: readonly string[], { name, until }: Pick<AuditOptions, 'name' | 'until'>): Promise<void> {
    await checkAudit(this.rebuilds.tools().store, names.map((one) => knownProjection(this.known, one)), name, until);
  }

  /** @throws Problem projection-unknown | rebuild-running | until-invalid */
  async project(names: readonly string[], options: AuditOptions): Promise<AuditReport> {
    const projections = names.map((name) => knownProjection(this.known, name));
    const { name, until, signal } = options;
    const begun: AuditReport = { name, until, state: 'building', problem: null, generations: {}, position: ORIGIN, createdAt: new Date().toISOString() };
    this.#unfinished.set(name, begun);
    try {
      const view = await this.rebuilds.alone(names, (lost) => audit(this.rebuilds.tools(), projections, { ...options, signal: signal ? AbortSignal.any([signal, lost]) : lost }));
      this.#unfinished.delete(name);
      return reportOf(name, view);
    } catch (error) {
      const problem = error instanceof Problem ? { code: error.code, detail: error.message } : { code: 'internal', detail: reasonOf(error) };
      this.#unfinished.set(name, { ...begun, state: 'failed', problem });
      throw error;
    }
  }

  /** @throws Problem generation-unknown */
  async forget(name: string): Promise<void> {
    if (this.#unfinished.get(name)?.state === 'failed') return void this.#unfinished.delete(name);
    const view = await this.context.generations.forgetView(name);
    if (!view) throw platformProblem('generation-unknown', { projection: 'the set', generation: name.slice(0, 60), known: this.list().map((one) => one.name) });
    for (const projection of this.known) if (view.generations[projection.name] !== undefined) await dropUnused(this.rebuilds.tools(), { projection, signal: new AbortController().signal });
  }

  /** Rows of two generations that differ; each is named by its number or by the view that it belongs to. @throws Problem projection-unknown | generation-unknown */
  async diff(name: string, left: string, right: string): Promise<ComparisonReport> {
    const projection = knownProjection(this.known, name);
    if (isCache(projection)) throw platformProblem('projection-unknown', { name, known: this.known.filter((one) => !isCache(one)).map((one) => one.name) });
    const [live, next] = [await this.#generation(projection, left), await this.#generation(projection, right)];
    if (isDerived(projection)) {
      const found = await compareDocuments({ context: this.context, projection, live: live.generation, next: next.generation, together: false, leftOut: [], signal: new AbortController().signal });
      return { compared: found.compared, differing: found.rows, shown: found.shown, parked: [] };
    }
    const { rows, shown } = joined(isSameTable(live.slots, next.slots) ? await this.#diffOnShards(projection, live, next) : await this.#diffOfUnions(projection, [live, next]));
    return { compared: rows, differing: rows, shown, parked: [] };
  }

  #diffOnShards({ name, table, tallies }: RowProjection, { generation: live, slots }: Generation, { generation: next }: Generation): Promise<readonly Differences[]> {
    return Promise.all(this.context.shards.poolsOf(slots).flatMap((pool) => [
      rowDifferences(pool, name, table as TableSpec<never>, live, next), ...(tallies ? [tallyDifferences(pool, name, tallies.table as TableSpec<never>, live, next)] : []),
    ]));
  }

  /** Laid out differently: what counts is what all shards have together. */
  #diffOfUnions(projection: RowProjection, generations: readonly Generation[]): Promise<readonly Differences[]> {
    const shards = this.context.shards.settings.slice(0, Math.max(...generations.map(({ slots }) => shardsIn(slots))));
    return inSnapshots(shards, async (moments) => [await rowDifferencesOfUnions(moments, projection, generations, new Set()), await tallyDifferencesOfUnions(moments, projection, generations)]);
  }

  async #generation(projection: StoredProjection, asked: string): Promise<Generation> {
    const kept = (await this.context.generations.list(projection.name)).filter(({ state }) => state !== 'dropped' && state !== 'building');
    const there = kept.map(({ generation }) => generation);
    const views = this.context.pointer.current().views;
    const generation = asked === 'live' ? this.context.pointer.generationOf(projection.name) : (views[asked]?.generations[projection.name] ?? (/^\d{1,9}$/u.test(asked) ? Number(asked) : undefined));
    const found = kept.find((one) => one.generation === generation);
    if (!found) throw platformProblem('generation-unknown', { projection: projection.name, generation: asked.slice(0, 60), known: [...there.map(String), ...Object.keys(views)] });
    return found;
  }
}

/** It has no generations that could be compared: one is empty at the beginning, and any may lose rows. */
const isCache = (projection: StoredProjection): boolean => isDerived(projection) && projection.store.beginsAtHead === true;

const reportOf = (name: string, { generations, position, until, createdAt }: AuditView): AuditReport => ({ name, state: 'ready', problem: null, generations, position, until, createdAt });

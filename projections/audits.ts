import { platformProblem } from '#contracts/kernel/errors.js';
import type { AuditReport, ComparisonReport } from '#contracts/queries.js';
import type { AuditView } from '#platform/control/pointer.js';
import { isDerived, type RowProjection, type StoredProjection } from './kit/projection.js';
import type { Rebuilds } from './rebuilds.js';
import { joined, rowDifferences, tallyDifferences } from './worker/compare/differences.js';
import type { WorkerContext } from './worker/context.js';
import { audit, type AuditOptions } from './worker/rebuild/audit.js';
import { dropUnused } from './worker/rebuild/switch.js';

type Spec = Parameters<typeof rowDifferences>[2];

/** Read models of another moment, beside those that readers use: made, named, looked at, compared, dropped. */
export class Audits {
  constructor(private readonly context: WorkerContext, private readonly known: readonly StoredProjection[], private readonly rebuilds: Rebuilds) {}

  list(): readonly AuditReport[] {
    return Object.entries(this.context.pointer.current().views).map(([name, view]) => reportOf(name, view)).sort((left, right) => (left.createdAt < right.createdAt ? -1 : 1));
  }

  /** @throws Problem projection-unknown | rebuild-running | until-invalid */
  async project(names: readonly string[], options: AuditOptions): Promise<AuditReport> {
    const projections = names.map((name) => this.#projection(name));
    const view = await this.rebuilds.alone(names, (lost) => audit(this.rebuilds.tools(), projections, { ...options, signal: options.signal ? AbortSignal.any([options.signal, lost]) : lost }));
    return reportOf(options.name, view);
  }

  /** @throws Problem generation-unknown */
  async forget(name: string): Promise<void> {
    const view = await this.context.generations.forgetView(name);
    if (!view) throw platformProblem('generation-unknown', { projection: 'the set', generation: name.slice(0, 60), known: this.list().map((one) => one.name) });
    for (const projection of this.known) if (view.generations[projection.name] !== undefined) await dropUnused(this.rebuilds.tools(), projection);
  }

  /** Rows of two generations that differ; each is named by its number or by the view that it belongs to. @throws Problem projection-unknown | generation-unknown */
  async diff(name: string, left: string, right: string): Promise<ComparisonReport> {
    const projection = this.#projection(name);
    if (isDerived(projection)) throw platformProblem('projection-unknown', { name, known: this.known.filter((one) => !isDerived(one)).map((one) => one.name) });
    const [live, next] = [await this.#generation(projection, left), await this.#generation(projection, right)];
    const { table, tallies } = projection;
    const found = await Promise.all(this.context.shards.pools.flatMap((pool) => [
      rowDifferences(pool, name, table as Spec, live, next), ...(tallies ? [tallyDifferences(pool, name, tallies.table as Spec, live, next)] : []),
    ]));
    const { rows, shown } = joined(found);
    return { compared: rows, differing: rows, shown, parked: [] };
  }

  async #generation(projection: RowProjection, asked: string): Promise<number> {
    const there = (await this.context.generations.list(projection.name)).filter(({ state }) => state !== 'dropped' && state !== 'building').map(({ generation }) => generation);
    const views = this.context.pointer.current().views;
    const generation = asked === 'live' ? this.context.pointer.generationOf(projection.name) : (views[asked]?.generations[projection.name] ?? (/^\d{1,9}$/u.test(asked) ? Number(asked) : undefined));
    if (generation === undefined || !there.includes(generation)) throw platformProblem('generation-unknown', { projection: projection.name, generation: asked.slice(0, 60), known: [...there.map(String), ...Object.keys(views)] });
    return generation;
  }

  #projection(name: string): StoredProjection {
    const projection = this.known.find((one) => one.name === name);
    if (!projection) throw platformProblem('projection-unknown', { name: name.slice(0, 60), known: this.known.map((one) => one.name) });
    return projection;
  }
}

const reportOf = (name: string, { generations, position, until, createdAt }: AuditView): AuditReport => ({ name, generations, position, until, createdAt });

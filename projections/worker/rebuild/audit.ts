import { platformProblem } from '#contracts/kernel/errors.js';
import { isAfter, ORIGIN, parsePosition, type Position } from '#contracts/kernel/position.js';
import type { AuditView } from '#platform/control/pointer.js';
import type { EventStore } from '#platform/event-store/port.js';
import { isDerived, type StoredProjection } from '../../kit/projection.js';
import type { RebuildOptions, RebuildTools } from './job.js';
import type { Until } from './pass.js';
import { buildWhileShardsAnswer, jobsOf } from './rebuild.js';

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/u;
const NAME = /^[a-z][a-z0-9-]{0,39}$/u;

export interface AuditOptions extends Pick<RebuildOptions, 'signal' | 'onProgress' | 'windowBytes'> {
  /** What readers ask for it by: lower-case letters, digits, hyphens. */
  readonly name: string;
  /** A position, an instant (ISO 8601 with its zone) or a day (until its end, UTC). */
  readonly until: string;
}

/**
 * Builds the projections as they were: generations of their own that stand still, and that readers ask for by name. The live ones know nothing of it.
 * A view of that name is replaced. @throws Problem until-invalid | shard-unavailable | read-store-full
 */
export async function audit(tools: RebuildTools, projections: readonly StoredProjection[], options: AuditOptions): Promise<AuditView> {
  const { context, store } = tools;
  const { name, until } = options;
  const place = await checkAudit(store, projections, name, until);
  const jobs = await jobsOf(tools, projections, { ...options, until: place, apart: true });
  const position = await buildWhileShardsAnswer(tools, jobs);
  const slots = jobs.find(({ projection }) => !isDerived(projection))?.slots;
  const view = { generations: Object.fromEntries(jobs.map(({ projection, generation }) => [projection.name, generation])), position, until, createdAt: new Date().toISOString(), ...(slots && { slots }) };
  await context.generations.nameView(name, view);
  return view;
}

/** Whether there can be such a view, and up to where the log goes in. @throws Problem until-invalid */
export async function checkAudit(store: Pick<EventStore, 'readAll' | 'status'>, projections: readonly StoredProjection[], name: string, until: string): Promise<Until> {
  if (!NAME.test(name)) throw platformProblem('until-invalid', { name: 'name', value: name.slice(0, 60), reason: 'it must begin with a letter and have lower-case letters, digits and hyphens, 40 at most' });
  for (const projection of projections) if (isDerived(projection) && projection.store.beginsAtHead === true) throw platformProblem('until-invalid', { name: 'projection', value: projection.name, reason: 'a cache keeps no past' });
  return placeOf(store, until);
}

/** @throws Problem until-invalid */
async function placeOf(store: Pick<EventStore, 'readAll' | 'status'>, until: string): Promise<Until> {
  const wrong = (reason: string): Error => platformProblem('until-invalid', { name: 'until', value: until.slice(0, 60), reason });
  const place = placeIn(until);
  if (!place) throw wrong('it is neither a position, an instant with its zone nor a day');
  const [{ events: [first] }, { head }] = await Promise.all([store.readAll(ORIGIN, { limit: 1 }), store.status()]);
  const begins = first && ('position' in place ? !isAfter(first.position, place.position) : Date.parse(first.recordedAt) <= place.recordedUntil);
  if (begins !== true) throw wrong('the log begins later');
  if ('position' in place ? isAfter(place.position, head) : place.recordedUntil > Date.now()) throw wrong('the log has not come to it yet');
  return place;
}

function placeIn(until: string): Until | undefined {
  const position: Position | undefined = parsePosition(until);
  if (position !== undefined) return { position };
  if (!INSTANT.test(until)) return undefined;
  const recordedUntil = until.length === 10 ? Date.parse(`${until}T23:59:59.999Z`) : Date.parse(until);
  return Number.isNaN(recordedUntil) ? undefined : { recordedUntil };
}

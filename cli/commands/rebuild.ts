import type { ProjectionStatus, RebuildReport, VerificationReport } from '#contracts/queries.js';
import type { Client } from '../client.js';
import { Progress } from '../progress.js';
import { projectionStatus } from './look.js';

const LOOK_MS = 200;

type Print = (line: string) => void;

export interface RebuildRequest {
  readonly expectChanges?: boolean;
  readonly acceptQuarantine?: boolean;
  readonly fromDivergence?: boolean;
  readonly eventsPerSecond?: number;
  readonly reason?: string;
  /** Only streams that have such an event, replaced in place. */
  readonly select?: { readonly streams?: readonly string[]; readonly type?: string; readonly issuer?: string; readonly since?: string };
}

export interface RebuildResult {
  readonly reports: readonly RebuildReport[];
  readonly seconds: number;
}

/** The projections that `all` means: every one with rows of its own. */
export async function namesOf(client: Client, names: readonly string[]): Promise<readonly string[]> {
  if (!names.includes('all')) return names;
  return (await projectionStatus(client)).map(({ name }) => name).filter((name) => name !== 'hot-cache');
}

/** Builds the next generations of a set of projections in one pass, and waits until readers use them or the switch was refused. */
export async function rebuild(client: Client, names: readonly string[], request: RebuildRequest, visible: boolean): Promise<RebuildResult> {
  const projections = await namesOf(client, names);
  const began = performance.now();
  await client.post('/api/v1/projections/rebuild', { projections, ...request });
  return ended(client, projections, began, visible);
}

/** Waits until none of them is rebuilt any more. @param began as `performance.now` told it */
export async function ended(client: Client, projections: readonly string[], began: number, visible: boolean): Promise<RebuildResult> {
  const progress = new Progress(projections.join(', '), visible);
  for (;;) {
    const running = (await projectionStatus(client)).filter(({ name, rebuild: going }) => projections.includes(name) && going !== null);
    if (running.length === 0) break;
    show(progress, running);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  progress.end();
  const reports = await Promise.all(projections.map(async (name) => (await client.get<RebuildReport>(`/api/v1/projections/${encodeURIComponent(name)}/rebuild`)).body));
  return { reports, seconds: (performance.now() - began) / 1_000 };
}

function show(progress: Progress, running: readonly ProjectionStatus[]): void {
  const sum = (of: (rebuild: NonNullable<ProjectionStatus['rebuild']>) => number): number => running.reduce((total, { rebuild: going }) => total + (going ? of(going) : 0), 0);
  progress.total(sum(({ eventsTotal }) => eventsTotal));
  progress.at(sum(({ eventsDone }) => eventsDone));
}

/** @returns the exit code: 0 when readers use all of them, 1 when a difference refused it */
export function tellRebuild({ reports, seconds }: RebuildResult, print: Print): number {
  for (const { projection, outcome, generation, comparison, repaired, problem } of reports) {
    if (repaired) {
      print(`${projection}: ${repaired.streams} streams folded again after ${seconds.toFixed(1)} s, ${repaired.changed} rows were not what they should be`);
      for (const { stream, reason } of repaired.left) print(`  ${stream} stays as it is: ${reason}`);
      continue;
    }
    if (outcome === 'switched') print(`${projection} is at generation ${generation} after ${seconds.toFixed(1)} s${comparison ? `; ${comparison.compared} rows compared, ${comparison.differing} differ` : ''}`);
    else print(`${projection} stays where it was: ${problem?.detail ?? outcome}`);
    for (const { table, key, column, live, next } of comparison?.shown ?? []) print(`  ${table} ${key}  ${column}: readers have ${live ?? '–'}, rebuilt is ${next ?? '–'}`);
    for (const { stream, side, reason } of comparison?.parked ?? []) print(`  ${stream} is in quarantine in the ${side === 'live' ? 'live' : 'new'} generation only: ${reason}`);
  }
  return reports.every(({ outcome }) => outcome === 'switched' || outcome === 'repaired') ? 0 : 1;
}

/** Pauses a rebuild that runs, lets it go on or gives it up. */
export async function steer(client: Client, name: string, how: 'pause' | 'resume' | 'cancel', print: Print): Promise<number> {
  await client.post(`/api/v1/projections/${encodeURIComponent(name)}/rebuild/${how}`, {});
  print(`${name}: ${{ pause: 'paused', resume: 'it goes on', cancel: 'given up' }[how]}`);
  return 0;
}

export async function rollback(client: Client, names: readonly string[], reason: string | undefined): Promise<Readonly<Record<string, number>>> {
  const projections = await namesOf(client, names);
  return (await client.post<{ generations: Record<string, number> }>('/api/v1/projections/rollback', { projections, ...(reason !== undefined && { reason }) })).body.generations;
}

/** Reads every row that readers have. @returns 0 when all are what the worker wrote, otherwise 1 */
export async function verify(client: Client, names: readonly string[], json: boolean, print: Print): Promise<number> {
  const reports: VerificationReport[] = [];
  // A cache has rows to verify, though none to rebuild.
  const wanted = names.includes('all') ? (await projectionStatus(client)).map(({ name }) => name) : names;
  for (const name of wanted) reports.push((await client.post<VerificationReport>(`/api/v1/projections/${encodeURIComponent(name)}/verify`, {})).body);
  if (json) print(JSON.stringify(reports));
  else for (const report of reports) tellVerification(report, print);
  return reports.every(({ damaged, digestHolds }) => damaged === 0 && digestHolds !== false) ? 0 : 1;
}

const DIGEST_WORDS = new Map<boolean | null, string>([[true, 'the digest holds'], [false, 'THE DIGEST DOES NOT HOLD'], [null, 'no digest is kept']]);

function tellVerification({ projection, generation, rows, digestHolds, damaged, shown }: VerificationReport, print: Print): void {
  print(`${projection.padEnd(18)} g${String(generation).padEnd(4)} ${rows} rows, ${damaged === 0 ? 'all as they were written' : `${damaged} CHANGED BY SOMEBODY ELSE`}, ${DIGEST_WORDS.get(digestHolds)}`);
  for (const { table, key, column, live, next } of shown) print(`  ${table} ${key}  ${column}: stored is ${live ?? '–'}, the log says ${next ?? '–'}`);
}

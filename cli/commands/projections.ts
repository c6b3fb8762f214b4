import type { ProjectionStatus, RelayStatus } from '#contracts/queries.js';
import { pause } from '#platform/wake.js';
import { ApiProblem, type Client } from '../client.js';

/** A relay that works says so every second. */
const SILENT_SECONDS = 10;
const REFRESH_MS = 1_000;

type Print = (line: string) => void;

interface Status {
  readonly items: readonly ProjectionStatus[];
  readonly relays: readonly RelayStatus[];
}

export interface ProjectionsOptions {
  readonly json: boolean;
  /** One line per lane below each projection. */
  readonly lanes: boolean;
}

/** Where `--watch` writes. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const ask = async (client: Pick<Client, 'get'>): Promise<Status> => (await client.get<Status>('/api/v1/projections')).body;

const linesOf = (status: Status, { json, lanes }: ProjectionsOptions): readonly string[] => (json ? [JSON.stringify(status)] : statusLines(status, lanes));

export async function projections(client: Pick<Client, 'get'>, options: ProjectionsOptions, print: Print): Promise<number> {
  for (const line of linesOf(await ask(client), options)) print(line);
  return 0;
}

/** Every second until the signal: in place on a terminal, otherwise line after line. An instance that does not answer for a while is waited for. */
export async function watchProjections(client: Pick<Client, 'get'>, options: ProjectionsOptions, screen: Screen, signal: AbortSignal, refreshMs = REFRESH_MS): Promise<number> {
  const inPlace = screen.isTTY === true && !options.json;
  let shown = 0;
  while (!signal.aborted) {
    const lines = await ask(client).then((status) => linesOf(status, options), (error: unknown) => [excuse(error, options.json)]);
    if (signal.aborted) break;
    const fitting = inPlace ? lines.map((line) => line.slice(0, screen.columns ?? 80)) : lines;
    screen.write(`${inPlace && shown > 0 ? `\u001B[${shown}A\u001B[J` : ''}${fitting.join('\n')}\n`);
    shown = lines.length;
    await pause(refreshMs, signal);
  }
  return 0;
}

/** @throws what will not get better by asking again */
function excuse(error: unknown, json: boolean): string {
  if (error instanceof ApiProblem && !error.document.retryable) throw error;
  const reason = error instanceof Error ? error.message : String(error);
  return json ? JSON.stringify({ error: reason }) : `no answer: ${reason}`;
}

/** One line per projection (and per lane), then the relays. */
export function statusLines({ items, relays }: Status, lanes: boolean): readonly string[] {
  return [...items.flatMap((item) => [projectionLine(item), ...(item.outOfDate ? [outOfDateLine(item.outOfDate)] : []), ...(lanes ? item.lanes.map(laneLine) : [])]), ...relays.map(relayLine)];
}

const outOfDateLine = ({ why, repair }: NonNullable<ProjectionStatus['outOfDate']>): string => `  OUT OF DATE: ${why.join(', ')}. Repaired by: ${repair}`;

const behind = (events: number | null, seconds: number): string => `behind ${events ?? '?'} events, ${seconds.toFixed(1)} s`;
const age = (seconds: number): string => (seconds < 120 ? `${seconds.toFixed(0)} s` : seconds < 7_200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3_600).toFixed(0)} h`);

/** What needs somebody stands first: a narrow terminal cuts the end. */
function projectionLine({ name, generation, position, eventsBehind, secondsBehind, eventsPerSecond, lastBatchEvents, ...item }: ProjectionStatus): string {
  const place = `${name.padEnd(18)} g${String(generation).padEnd(4)} position ${position.padStart(10)}  ${wordOf(item).padEnd(9)} ${behind(eventsBehind, secondsBehind).padEnd(24)}`;
  const figures = `${eventsPerSecond.toFixed(1).padStart(7)} events/s  batch ${String(lastBatchEvents).padStart(3)}`;
  return [place, rebuildOf(item), parkedOf(item), figures, outcomesOf(item)].filter((part) => part !== '').join('  ');
}

function wordOf({ state, stalled, workers, silentSeconds }: Pick<ProjectionStatus, 'state' | 'stalled' | 'workers' | 'silentSeconds'>): string {
  const silent = silentSeconds !== null && silentSeconds >= SILENT_SECONDS ? `, one silent for ${age(silentSeconds)}` : '';
  return `${stalled ? 'STALLED, ' : ''}${state}${workers === 1 ? '' : ` (${workers} workers)`}${silent}`;
}

function outcomesOf({ outcomes: { applied, duplicate, ignored, quarantined } }: Pick<ProjectionStatus, 'outcomes'>): string {
  return `applied ${applied}, duplicate ${duplicate}, ignored ${ignored}, quarantined ${quarantined}`;
}

function parkedOf({ parkedStreams, oldestParkedSeconds }: Pick<ProjectionStatus, 'parkedStreams' | 'oldestParkedSeconds'>): string {
  if (parkedStreams === null) return 'parked ?';
  return oldestParkedSeconds === null ? '' : `parked ${parkedStreams}, oldest ${age(oldestParkedSeconds)}`;
}

function rebuildOf({ rebuild }: Pick<ProjectionStatus, 'rebuild'>): string {
  if (!rebuild) return '';
  const { generation, stage, eventsDone, eventsTotal, perSecond, etaSeconds } = rebuild;
  return `rebuild of g${generation}: ${stage} ${eventsDone}/${eventsTotal}, ${perSecond} events/s, ETA ${age(etaSeconds)}`;
}

const laneLine = ({ lane, position, eventsBehind, secondsBehind, eventsPerSecond, owner }: ProjectionStatus['lanes'][number]): string =>
  `  ${lane.padEnd(22)} position ${position.padStart(10)}  ${behind(eventsBehind, secondsBehind).padEnd(24)}${eventsPerSecond.toFixed(1).padStart(8)} events/s  ${owner ?? 'held by nobody'}`;

function relayLine({ name, state, position, eventsBehind, secondsBehind, parked, age: silence }: RelayStatus): string {
  const word = silence > SILENT_SECONDS ? `silent for ${age(silence)}` : `${state}${parked > 0 ? `, ${parked} parked` : ''}`;
  return `${`relay ${name}`.padEnd(18)} ${''.padEnd(5)} position ${position.padStart(10)}  ${behind(eventsBehind, secondsBehind).padEnd(24)}  ${word}`;
}

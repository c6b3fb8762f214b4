import type { ProjectionStatus } from '#contracts/queries.js';
import type { Client } from '../client.js';
import { Progress } from '../progress.js';
import { projectionStatus } from './look.js';

const LOOK_MS = 200;

export interface RebuildResult {
  readonly projection: string;
  readonly generation: number;
  readonly seconds: number;
}

/** Builds the next generation of one projection (or of each that has rows) and waits until readers use it. */
export async function rebuild(client: Client, name: string, visible: boolean): Promise<readonly RebuildResult[]> {
  const all = await projectionStatus(client);
  const names = name === 'all' ? all.filter((status) => status.name !== 'hot-cache').map((status) => status.name) : [name];
  const results: RebuildResult[] = [];
  for (const projection of names) results.push(await rebuildOne(client, projection, all.find((status) => status.name === projection), visible));
  return results;
}

async function rebuildOne(client: Client, projection: string, before: ProjectionStatus | undefined, visible: boolean): Promise<RebuildResult> {
  const began = performance.now();
  await client.post(`/api/v1/projections/${encodeURIComponent(projection)}/rebuild`, {});
  const progress = new Progress(projection, visible);
  let status = await statusOf(client, projection);
  while (status?.rebuild) {
    progress.total(status.rebuild.eventsTotal);
    progress.at(status.rebuild.eventsDone);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    status = await statusOf(client, projection);
  }
  progress.end();
  const generation = status?.generation ?? 0;
  if (generation === before?.generation) throw new Error(`the rebuild of ${projection} did not come to its switch; the server's log says why`);
  return { projection, generation, seconds: (performance.now() - began) / 1_000 };
}

const statusOf = async (client: Client, projection: string): Promise<ProjectionStatus | undefined> =>
  (await projectionStatus(client)).find((item) => item.name === projection);

export async function rollback(client: Client, projection: string): Promise<number> {
  return (await client.post<{ generation: number }>(`/api/v1/projections/${encodeURIComponent(projection)}/rollback`, {})).body.generation;
}

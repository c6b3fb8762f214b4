import type { LayoutReport } from '#contracts/queries.js';
import type { Client } from '../client.js';
import { ended, tellRebuild } from './rebuild.js';

type Print = (line: string) => void;

/** An even layout on so many shards, or one slot on one shard (shards count from 1). */
export type ReshardRequest = ({ readonly shards: number } | { readonly slot: number; readonly to: number }) & { readonly acceptQuarantine?: boolean; readonly reason?: string };

/** Where rows lie. */
export const layoutOf = async (client: Client): Promise<LayoutReport> => (await client.get<LayoutReport>('/api/v1/projections/layout')).body;

/** Lays all rows out anew and waits until readers use the new layout or it was refused. @returns 0 when they do, otherwise 1 */
export async function reshard(client: Client, request: ReshardRequest, json: boolean, print: Print): Promise<number> {
  const began = performance.now();
  const { projections } = (await client.post<{ projections: readonly string[] }>('/api/v1/projections/reshard', request)).body;
  const result = await ended(client, projections, began, !json && process.stderr.isTTY);
  const layout = await layoutOf(client);
  if (json) print(JSON.stringify({ layout, reports: result.reports.map((report) => ({ ...report, seconds: result.seconds })) }));
  const code = tellRebuild(result, json ? (): void => undefined : print);
  if (!json) print(`rows lie on ${layout.slots.length} ${layout.slots.length === 1 ? 'shard' : 'shards'}: ${layout.slots.map((slots, shard) => `${slots} slots on shard ${shard + 1}`).join(', ')}`);
  return code;
}

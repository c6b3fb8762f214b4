import type { ParkedStream, WaitingEvent } from '#contracts/queries.js';
import type { Client } from '../client.js';

type Print = (line: string) => void;

const addressOf = (projection: string, stream: string): string => `/api/v1/quarantine/${encodeURIComponent(projection)}/${encodeURIComponent(stream)}`;
const lineOf = ({ projection, stream, revision, type, parkedAt, waiting, reason }: ParkedStream): string => `${projection.padEnd(18)} ${stream} @${revision} ${type}  since ${parkedAt}, ${waiting} behind it: ${reason}`;

/** @returns 0 when nothing is in quarantine, otherwise 1 */
export async function listParked(client: Client, projection: string | undefined, json: boolean, print: Print): Promise<number> {
  const { items } = (await client.get<{ items: ParkedStream[] }>(`/api/v1/quarantine${projection === undefined ? '' : `?projection=${encodeURIComponent(projection)}`}`)).body;
  if (json) print(JSON.stringify(items));
  else for (const item of items) print(lineOf(item));
  if (!json) print(items.length === 0 ? 'nothing is in quarantine' : `${items.length} in quarantine`);
  return items.length === 0 ? 0 : 1;
}

export async function showParked(client: Client, projection: string, stream: string, json: boolean, print: Print): Promise<number> {
  const { body } = await client.get<ParkedStream & { events: WaitingEvent[] }>(addressOf(projection, stream));
  if (json) print(JSON.stringify(body));
  else {
    print(lineOf(body));
    for (const { revision, position, type } of body.events) print(`  waits: @${revision} ${type} at ${position}`);
  }
  return 0;
}

export async function retryParked(client: Client, projection: string, stream: string, print: Print): Promise<number> {
  await client.post(`${addressOf(projection, stream)}/retry`, {});
  print(`${stream} of ${projection} goes on`);
  return 0;
}

export async function skipParked(client: Client, projection: string, stream: string, reason: string, print: Print): Promise<number> {
  await client.post(`${addressOf(projection, stream)}/skip`, { reason });
  print(`${stream} of ${projection} goes on without that event`);
  return 0;
}

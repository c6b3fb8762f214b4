import type { AuditReport, ComparisonReport } from '#contracts/queries.js';
import type { Client } from '../client.js';
import { namesOf } from './rebuild.js';

type Print = (line: string) => void;

const LOOK_MS = 200;

const lineOf = ({ name, state, until, position, generations, problem }: AuditReport): string =>
  `${name.padEnd(20)} ${state === 'ready' ? `until ${until} (position ${position}): ${Object.entries(generations).map(([projection, generation]) => `${projection} g${generation}`).join(', ')}` : `${state}${problem ? `: ${problem.detail}` : ''}`}`;

const listed = async (client: Client): Promise<readonly AuditReport[]> => (await client.get<{ items: AuditReport[] }>('/api/v1/audits')).body.items;

/** Builds read models as they were and waits until readers can ask for them. */
export async function project(client: Client, projections: readonly string[], request: { readonly name: string; readonly until: string }, json: boolean, print: Print): Promise<number> {
  await client.post('/api/v1/audits', { ...request, projections: await namesOf(client, projections) });
  for (;;) {
    const report = (await listed(client)).find(({ name }) => name === request.name);
    if (report && report.state !== 'building') {
      print(json ? JSON.stringify(report) : lineOf(report));
      if (!json && report.state === 'ready') print(`ask for it with the header Folio-View: ${report.name}`);
      return report.state === 'ready' ? 0 : 1;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

export async function listAudits(client: Client, json: boolean, print: Print): Promise<number> {
  const items = await listed(client);
  if (json) print(JSON.stringify(items));
  else for (const item of items) print(lineOf(item));
  return 0;
}

export async function dropAudit(client: Client, name: string, print: Print): Promise<number> {
  await client.delete(`/api/v1/audits/${encodeURIComponent(name)}`);
  print(`${name} is dropped`);
  return 0;
}

/** @returns 0 when they are the same, otherwise 1 */
export async function diff(client: Client, projection: string, left: string, right: string, json: boolean, print: Print): Promise<number> {
  const report = (await client.get<ComparisonReport>(`/api/v1/projections/${encodeURIComponent(projection)}/diff?left=${encodeURIComponent(left)}&right=${encodeURIComponent(right)}`)).body;
  if (json) print(JSON.stringify(report));
  else {
    print(`${report.differing} rows differ`);
    for (const { table, key, column, live, next } of report.shown) print(`  ${table} ${key}  ${column}: ${left} has ${live ?? '–'}, ${right} has ${next ?? '–'}`);
  }
  return report.differing === 0 ? 0 : 1;
}

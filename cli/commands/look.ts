import type { Finding, Verdict } from '#contracts/invoice/verdict.js';
import type { ProjectionStatus, SearchResult } from '#contracts/queries.js';
import type { Client } from '../client.js';

type Print = (line: string) => void;

export async function search(client: Client, query: string, json: boolean, print: Print): Promise<number> {
  const { body } = await client.get<SearchResult>(`/api/v1/search?q=${encodeURIComponent(query)}`);
  if (json) print(JSON.stringify(body));
  else {
    for (const { invoice } of body.items) {
      const name = [invoice.series, invoice.number].filter((part) => part !== null).join('-');
      print(`${invoice.id}  ${invoice.status.padEnd(10)} ${(invoice.issuanceDay ?? '').padEnd(11)}${name.padEnd(16)} ${(invoice.total ?? '').padStart(14)} ${invoice.currency ?? ''}  ${invoice.issuer.name ?? invoice.issuer.id ?? ''}`);
    }
    print(`${body.total} found`);
  }
  return body.total > 0 ? 0 : 1;
}

export async function show(client: Client, id: string, json: boolean, print: Print): Promise<number> {
  const invoice = (await client.get<Record<string, unknown>>(`/api/v1/invoices/${encodeURIComponent(id)}`)).body;
  const verdict = (await client.get<Partial<Verdict>>(`/api/v1/invoices/${encodeURIComponent(id)}/findings`)).body;
  if (json) {
    print(JSON.stringify({ invoice, verdict }));
    return 0;
  }
  for (const line of fieldLines(invoice)) print(line);
  for (const finding of verdict.findings ?? []) print(findingLine(finding));
  for (const { what, why } of verdict.notChecked ?? []) print(`  not checked: ${what} (${why})`);
  return 0;
}

/** The invoice as it was; its findings are those of its last attempt, which may have come later, so they are not shown. */
export async function showAsOf(client: Client, id: string, asOf: string, json: boolean, print: Print): Promise<number> {
  const { body: invoice, headers } = await client.get<Record<string, unknown>>(`/api/v1/invoices/${encodeURIComponent(id)}?asOf=${encodeURIComponent(asOf)}`);
  const position = headers.get('folio-as-of');
  if (json) print(JSON.stringify({ invoice, asOf: position }));
  else for (const line of [`${'as of'.padEnd(FIELD_WIDTH)}position ${position ?? '?'}`, ...fieldLines(invoice)]) print(line);
  return 0;
}

const FIELD_WIDTH = 16;

const fieldLines = (invoice: Record<string, unknown>): readonly string[] =>
  Object.entries(invoice).filter(([, value]) => value !== null).map(([name, value]) => `${name.padEnd(FIELD_WIDTH)}${typeof value === 'object' ? JSON.stringify(value) : String(value as string | number)}`);

export const findingLine = ({ severity, code, path, message, expected, found }: Finding): string =>
  `  ${severity} ${code} ${path}: ${message.en} expected ${expected || '–'}, found ${found || '–'}`;

/** Follows the log until Ctrl-C. */
export async function tail(client: Client, from: string | undefined, types: readonly string[], json: boolean, print: Print, signal: AbortSignal): Promise<number> {
  for await (const event of client.tail(from, types, signal)) {
    if (event.type === 'position') continue;
    if (json) print(event.data);
    else {
      const { stream, revision, recordedAt } = JSON.parse(event.data) as { stream: string; revision: string; recordedAt: string };
      print(`${event.id.padStart(10)}  ${recordedAt}  ${event.type.padEnd(36)} ${stream} @${revision}`);
    }
  }
  return 0;
}

export const projectionStatus = async (client: Client): Promise<readonly ProjectionStatus[]> => (await client.get<{ items: ProjectionStatus[] }>('/api/v1/projections')).body.items;

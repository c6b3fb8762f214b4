import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import { ApiProblem, type Client } from '../client.js';

/** Which invoices: one by its id, or those of the list. */
export interface RejudgeSelection {
  readonly id?: string;
  readonly issuer?: string;
  readonly from?: string;
  readonly to?: string;
}

interface Told { readonly verdict: string; readonly ruleSet: string; readonly findingCounts: Readonly<Record<string, number>> }
interface Answer { readonly id: string; readonly outcome: 'changed' | 'unchanged'; readonly before: Told; readonly after: Told }

export interface RejudgeReport {
  readonly judged: number;
  readonly changed: number;
  /** Without a verdict yet, or without their file. */
  readonly left: number;
}

const PAGE = 100;
const AT_ONCE = 4;
/** What is no verdict's fault: told and counted, and the rest goes on. */
const LEFT: ReadonlySet<string> = new Set(['invoice-not-judged', 'original-unavailable', 'invoice-unknown']);

/** Judges what was judged before by the rules of today, and tells each verdict that differs. Interrupted, it can be called again: what has its new verdict is unchanged then. */
export async function rejudgeAll(client: Client, selection: RejudgeSelection, out: (changed: Answer) => void): Promise<RejudgeReport> {
  const report = { judged: 0, changed: 0, left: 0 };
  const one = async (id: string): Promise<void> => {
    try {
      const { body } = await client.post<Answer>(`/api/v1/invoices/${encodeURIComponent(id)}/rejudge`, {});
      report.judged += 1;
      if (body.outcome === 'unchanged') return;
      report.changed += 1;
      out(body);
    } catch (error) {
      if (!(error instanceof ApiProblem) || !LEFT.has(error.document.code) || selection.id !== undefined) throw error;
      report.left += 1;
    }
  };
  for await (const ids of selection.id === undefined ? pages(client, selection) : [[selection.id]]) {
    const queue = [...ids];
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) await one(id);
    }));
  }
  return report;
}

/** Ids of the list, a page at a time; it goes on by key, so that rows which change meanwhile neither repeat nor get lost. */
async function* pages(client: Client, { issuer, from, to }: RejudgeSelection): AsyncIterable<readonly string[]> {
  const filter = Object.entries({ issuer, from, to }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const query = new URLSearchParams([...filter, ['sort', 'received'], ['limit', String(PAGE)], ...(cursor === '' ? [] : [['cursor', cursor]])] as [string, string][]);
    const { body }: { readonly body: { readonly items: readonly InvoiceSummary[]; readonly next?: string } } = await client.get(`/api/v1/invoices?${query.toString()}`);
    yield body.items.map(({ id }) => id);
    cursor = body.next;
  }
}

const codesOf = ({ findingCounts }: Told): string => Object.keys(findingCounts).join(' ');

/** One line for people. */
export const changedLine = ({ id, before, after }: Answer): string => `${id}  ${before.verdict} (${before.ruleSet}) → ${after.verdict} (${after.ruleSet})  ${codesOf(after)}`;

import { toCodeRanges } from '#contracts/invoice/code-ranges.js';
import type { Verdict } from '#contracts/invoice/verdict.js';
import type { ObjectStore } from '#platform/object-store/port.js';
import type { Judged } from '../intake/documents.js';

/** What ran last: most documents of a kind are judged by the same rules. */
let latest: { readonly codes: readonly string[]; readonly ranges: string[] } = { codes: [], ranges: [] };

function rangesOf(codes: readonly string[]): string[] {
  if (codes.length !== latest.codes.length || !codes.every((code, place) => code === latest.codes[place])) latest = { codes, ranges: toCodeRanges(codes) };
  return latest.ranges;
}

/** Findings that an event cannot carry are kept whole in the object store. @returns what the event carries: every rule that ran, in ranges, as each of thousands of events says the same */
export async function keepFullVerdict(objects: Pick<ObjectStore, 'put'>, { verdict: whole, allFindings }: Judged): Promise<Verdict> {
  const verdict = { ...whole, checked: rangesOf(whole.checked) };
  if (allFindings.length <= verdict.findings.length) return verdict;
  const { sha256 } = await objects.put(Buffer.from(JSON.stringify({ ...whole, findings: allFindings })));
  return { ...verdict, fullVerdict: sha256 };
}

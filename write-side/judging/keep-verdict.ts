import type { Verdict } from '#contracts/invoice/verdict.js';
import type { ObjectStore } from '#platform/object-store/port.js';
import type { Judged } from '../intake/documents.js';

/** Findings that an event cannot carry are kept whole in the object store. @returns what the event carries */
export async function keepFullVerdict(objects: Pick<ObjectStore, 'put'>, { verdict, allFindings }: Judged): Promise<Verdict> {
  if (allFindings.length <= verdict.findings.length) return verdict;
  const { sha256 } = await objects.put(Buffer.from(JSON.stringify({ ...verdict, findings: allFindings })));
  return { ...verdict, fullVerdict: sha256 };
}

import { facts as factsContract } from '#contracts/invoice/facts.js';
import { verdict as verdictContract } from '#contracts/invoice/verdict.js';
import { generatedCfdi } from '../../../cli/demo/index.js';
import { ublElement } from '../../../cli/demo/ubl.js';
import { ciiElement } from '../../../cli/demo/cii.js';
import { serialise } from '../../../cli/demo/xml.js';
import type { EnContent } from '../../../cli/demo/en16931.js';
import { sealed } from '../../support/csd/sealed.js';
import { judge, readDocument, type JudgeContext, type Judgement, type ReadDocument } from '../../../write-side/documents/index.js';

/** A clock that stands still. */
const now = (): number => 0;

export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** A right CFDI 4.0 as text, to be changed by a test. */
export const cfdi = (lines = 2): string => textOf(generatedCfdi({ index: 7, lines }));

const party = { name: 'Beispiel GmbH', vatId: 'DE123456788', street: 'Musterstraße 1', city: 'Berlin', postalCode: '10115', country: 'DE' };

export const enContent: EnContent = {
  number: 'R-1',
  date: '2026-03-14',
  due: '2026-04-14',
  type: '380',
  currency: 'EUR',
  seller: party,
  buyer: { ...party, name: 'Ejemplo S.L.', vatId: 'ESB00000000', country: 'ES' },
  lines: [{ name: 'Silla', quantity: 3, cents: 1_999 }, { name: 'Mesa', quantity: 1, cents: 10_000 }],
  vatPercent: 19,
};

export const ubl = (over: Partial<EnContent> = {}): string => serialise(ublElement({ ...enContent, ...over }));
export const cii = (over: Partial<EnContent> = {}): string => serialise(ciiElement({ ...enContent, ...over }));

export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8');

/** Reads what must be a document, and checks that its facts keep the contract. */
export function readWell(text: string): ReadDocument {
  const read = readDocument(bytesOf(text));
  if (read.kind !== 'document') throw new Error(`read as ${JSON.stringify(read)}`);
  factsContract.parse(read.facts);
  return read;
}

/** Judges bytes or text, and checks that the verdict keeps the contract. */
export function judged(document: string | Uint8Array, context: Partial<JudgeContext> = {}): Judgement {
  const judgement = judge(readDocument(typeof document === 'string' ? bytesOf(document) : document), { now, ...context });
  verdictContract.parse(judgement.verdict);
  return judgement;
}

/** The codes that a document breaks, each once, in order of the alphabet. */
export const codesOf = (document: string | Uint8Array, context: Partial<JudgeContext> = {}): string[] =>
  Object.keys(judged(document, context).verdict.findingCounts).toSorted();

/** Replaces text that must be there, so that a test never changes nothing. */
export function altered(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`nothing to replace: ${String(from)}`);
  return changed;
}

/** Replaces text that must be there and, in a sealed CFDI, seals it again: what was changed is the only thing that is wrong. */
export const replaced = (text: string, from: string | RegExp, to: string): string => sealed(altered(text, from, to));

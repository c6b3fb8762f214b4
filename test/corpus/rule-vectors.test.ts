import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { judgeRule, readDocument } from '../../write-side/documents/index.js';

const VECTORS = join(resolve(process.env['FOLIO_SHARED'] ?? '../shared'), 'data', 'invoices', 'en16931-cen');
const FOLDERS = ['unit-invoice-ubl', 'unit-creditnote-ubl', 'unit-cii'];

type Verdict = 'success' | 'error' | 'warning';

/** One fragment of a test set and what it expects of one rule. */
interface Vector {
  readonly file: string;
  readonly index: number;
  readonly rule: string;
  readonly expected: Verdict;
  readonly found: number | undefined;
}

/** Where our answer differs from the vector's, and why; `file#index rule`, counted from 0. */
const EXPLAINED: Readonly<Record<string, string>> = {};
/** Rules that the vectors still test and the artefacts of 1.3.16 no longer have. */
const REMOVED: ReadonlySet<string> = new Set(['BR-CO-25']);

const TEST = /<test(?:\s[^>]*)?>([\s\S]*?)<\/test>/gu;
const ASSERT = /<assert>([\s\S]*?)<\/assert>/u;
const EXPECTATION = /<(success|error|warning)(?:\s[^>]*)?>\s*([^<\s]+)\s*<\/\1>/gu;
const ROOTS = /<((?:\w+:)?(?:Invoice|CreditNote|CrossIndustryInvoice))[\s>][\s\S]*<\/\1>/u;
const NAMESPACE = /\sxmlns(?::\w+)?="[^"]*"/gu;
const HEAD = /^[\s\S]*?<testSet([^>]*)>/u;

/** Declarations that stand on the test set hold for its fragments too. */
function withNamespaces(fragment: string, outer: readonly string[]): string {
  const open = fragment.indexOf('>');
  const start = fragment.slice(0, open);
  const missing = outer.filter((declaration) => !start.includes(declaration.trim().split('=')[0] ?? ''));
  return `${start.replace(/\/?$/u, '')}${missing.join('')}${fragment.slice(open)}`;
}

function vectorsOf(file: string, text: string): Vector[] {
  const outer = HEAD.exec(text)?.[1]?.match(NAMESPACE)?.filter((declaration) => /\sxmlns:/u.test(declaration)) ?? [];
  return [...text.matchAll(TEST)].flatMap(([, body = ''], index) => {
    const asserted = ASSERT.exec(body)?.[1] ?? '';
    const fragment = ROOTS.exec(body)?.[0];
    if (fragment === undefined) throw new Error(`no document in test ${index} of ${file}`);
    const read = readDocument(Buffer.from(withNamespaces(fragment, outer)));
    if (read.kind !== 'document') throw new Error(`test ${index} of ${file} is ${read.kind}`);
    return [...asserted.matchAll(EXPECTATION)].map(([, expected = '', rule = '']) =>
      ({ file, index, rule, expected: expected as Verdict, found: judgeRule(rule, read)?.length }));
  });
}

const isRight = ({ expected, found, rule }: Vector): boolean =>
  (REMOVED.has(rule) ? found === undefined : expected === 'success' ? found === 0 : found !== undefined && found > 0);
const keyOf = ({ file, index, rule }: Vector): string => `${file}#${index} ${rule}`;

function tell(vectors: readonly Vector[]): void {
  const rules = [...new Set(vectors.map(({ rule }) => rule))];
  const failed = rules.filter((rule) => vectors.some((vector) => vector.rule === rule && !isRight(vector)));
  console.log(`      rules ${rules.length}, passed ${rules.length - failed.length}, failed ${failed.length}; assertions ${vectors.length}, of them success ${vectors.filter(({ expected }) => expected === 'success').length}`);
  for (const rule of failed) console.log(`      ${rule}: ${vectors.filter((vector) => vector.rule === rule && !isRight(vector)).map((vector) => `${keyOf(vector)} ${vector.expected} found ${vector.found} ${EXPLAINED[keyOf(vector)] ?? ''}`).join('; ')}`);
  for (const rule of rules.filter((name) => REMOVED.has(name))) console.log(`      ${rule}: no longer a rule of the artefacts 1.3.16`);
}

describe('the official rule vectors', function vectors() {
  const all: Vector[] = [];

  before(async function load() {
    if (!existsSync(VECTORS)) {
      console.log('      skipped: the shared corpus is not here (../shared/data/invoices, or FOLIO_SHARED)');
      this.skip();
    }
    for (const folder of FOLDERS) {
      const names = (await readdir(join(VECTORS, folder))).filter((name) => name.endsWith('.xml')).toSorted();
      for (const name of names) all.push(...vectorsOf(`${folder}/${name}`, await readFile(join(VECTORS, folder, name), 'utf8')));
    }
    tell(all);
  });

  it('are many', () => {
    expect(all.length).to.be.greaterThan(500);
  });

  it('each get the answer that they expect of that single rule', () => {
    const wrong = all.filter((vector) => !isRight(vector) && !(keyOf(vector) in EXPLAINED));
    expect(wrong.map((vector) => `${keyOf(vector)}: ${vector.expected}, found ${vector.found}`)).to.deep.equal([]);
  });

  it('have no explanation that nothing needs', () => {
    const needed = new Set(all.filter((vector) => !isRight(vector)).map(keyOf));
    expect(Object.keys(EXPLAINED).filter((key) => !needed.has(key))).to.deep.equal([]);
  });
});

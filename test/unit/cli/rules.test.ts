import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { printRules, rulePages } from '../../../cli/commands/rules.js';
import { listRules } from '../../../write-side/documents/index.js';
import { ROOT } from '../../support/root.js';

const PAGES = join(ROOT, 'docs', 'rules');
/** Written by hand. */
const OTHERS: ReadonlySet<string> = new Set(['known-differences.md']);

const printed = (prefix: string | undefined, asJson = false): { readonly exit: number; readonly lines: readonly string[] } => {
  const lines: string[] = [];
  return { exit: printRules(prefix, asJson, (line) => lines.push(line)), lines };
};

describe('folio rules', () => {
  it('lists every rule once, or those whose codes begin so', () => {
    const { exit, lines } = printed(undefined);
    expect([exit, lines.length]).to.deep.equal([0, listRules().length]);
    expect(printed('BR-CO-1').lines.every((line) => line.startsWith('BR-CO-1'))).to.equal(true);
  });

  it('shows one whole: both sentences and its source', () => {
    const [head, en, es, source] = printed('CFDI40108').lines;
    expect(head).to.equal('CFDI40108  error  SubTotal  (cfdi-4.0)');
    expect([en, es, source].every((line) => (line ?? '').length > 20)).to.equal(true);
    expect(JSON.parse(printed('CFDI40108', true).lines[0] ?? '')).to.have.nested.property('0.message.es', es);
  });

  it('says when there is none', () => expect(printed('NOTHING')).to.deep.equal({ exit: 1, lines: ['There is no rule NOTHING.'] }));
});

describe('the pages of the rules', () => {
  it('are those that the code makes: no rule is missing, none is left over (folio rules --pages docs/rules)', async () => {
    const wanted = rulePages();
    const there = (await readdir(PAGES)).filter((name) => !OTHERS.has(name));
    expect(there.toSorted()).to.deep.equal([...wanted.keys()].toSorted());
    for (const [name, text] of wanted) expect(await readFile(join(PAGES, name), 'utf8'), name).to.equal(text);
  });

  it('have each code on one page', () => {
    const codes = [...rulePages().values()].flatMap((text) => [...text.matchAll(/^## (.+)$/gmu)].map(([, code = '']) => code));
    expect(codes.toSorted()).to.deep.equal(listRules().map(({ code }) => code).toSorted());
  });
});

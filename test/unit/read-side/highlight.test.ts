import { expect } from 'chai';
import fc from 'fast-check';
import type { InvoiceSearchRow } from '#contracts/read-models/other.js';
import { HIGHLIGHT_LIMITS, highlightsOf } from '../../../read-side/search/highlight.js';

const rowWith = (given: Partial<InvoiceSearchRow>): InvoiceSearchRow => ({ series: null, number: null, uuid: null, issuer: {}, receiver: {}, descriptions: [], ...given }) as unknown as InvoiceSearchRow;
const marked = (given: Partial<InvoiceSearchRow>, words: readonly string[], keys: readonly string[] = [], stems: readonly string[] = []) => highlightsOf(rowWith(given), { words, stems, keys });

describe('A highlight', () => {
  it('marks whole words that begin as asked, accents and case aside', () => {
    expect(marked({ descriptions: ['Instalación de TUBERÍA'] }, ['tuber', 'insta'])).to.deep.equal(['<mark>Instalación</mark> de <mark>TUBERÍA</mark>']);
  });
  it('marks other forms of the word by their stem, not longer words', () => {
    expect(marked({ descriptions: ['tornillo tornillerías'] }, ['tornillos'], [], ['tornill'])).to.deep.equal(['<mark>tornillo</mark> tornillerías']);
  });
  it('marks an abbreviation with its dots, which is one word, and no letter alone', () => {
    expect(marked({ issuer: { name: 'Aceros,S.A. de C.V.' } }, ['sa'])).to.deep.equal(['Aceros,<mark>S.A</mark>. de C.V.']);
    expect(marked({ issuer: { name: 'Aceros S A' } }, ['s', 'a'])).to.deep.equal([]);
  });
  it('marks series with number, or the number alone', () => {
    expect(marked({ series: 'A', number: '100' }, [], ['a10'])).to.deep.equal(['<mark>A-100</mark>']);
    expect(marked({ series: 'A', number: '100' }, [], ['100'])).to.deep.equal(['A-<mark>100</mark>']);
    expect(marked({ number: '100' }, [], ['100'])).to.deep.equal(['<mark>100</mark>']);
  });
  it('escapes everything else', () => {
    expect(marked({ issuer: { name: `<b>"A" & 'B'</b> papel` } }, ['papel'])).to.deep.equal(['&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt; <mark>papel</mark>']);
  });
  it('is cut to the place of a long text', () => {
    const [fragment = ''] = marked({ descriptions: [`${'antes '.repeat(100)}aguja ${'luego '.repeat(100)}`] }, ['aguja']);
    expect(fragment).to.match(/^… antes .*<mark>aguja<\/mark> luego .* …$/u);
    expect(fragment.length).to.be.lessThan(HIGHLIGHT_LIMITS.length + 30);
  });
  it('marks a word longer than a fragment and a place without spaces before it', () => {
    expect(marked({ descriptions: ['z'.repeat(500)] }, ['zz'])[0]).to.equal(`<mark>${'z'.repeat(500)}</mark>`);
    expect(marked({ descriptions: [`${'-'.repeat(300)}aguja`] }, ['aguja'])[0]).to.equal('… <mark>aguja</mark>');
  });
  it('never holds markup but its own marks, whatever strangers wrote', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", ' ', 'a', '/', '\u0001', '\uD83E', '😀'), maxLength: 400 }), (text) => {
      const bare = marked({ issuer: { name: text }, descriptions: [text] }, ['aa'], ['a']).join('').replaceAll(/<\/?mark>/gu, '');
      return !/[<>"']/u.test(bare) && bare.isWellFormed();
    }));
  });
});

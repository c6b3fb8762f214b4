import { expect } from 'chai';
import fc from 'fast-check';
import { formsOf, parseSearch, SEARCH_LIMITS } from '../../../read-side/search/search-query.js';
import { correctionsOf, isCorrectable, variantsOf } from '../../../read-side/search/typos.js';

const keysOf = (text: string): string[] => parseSearch(text).terms.map(({ key }) => key);
const SAFE = /^[\p{L}\p{N}]+$/u;

describe('A search text', () => {
  it('becomes terms between spaces, folded', () => expect(keysOf('  Ácero   INOXIDABLE ')).to.deep.equal(['acero', 'inoxidable']));
  it('keeps a code as one key with its words', () => expect(parseSearch('RE-2026/01').terms).to.deep.equal([{ key: 're202601', words: ['re', '2026', '01'], apart: ['re', '2026', '01'] }]));
  it('is a key as a whole, too', () => expect(parseSearch('ANO 850101 AB1').whole).to.equal('ano850101ab1'));
  it('asks for a repeated word once', () => expect(keysOf('papel Papel PAPEL')).to.deep.equal(['papel']));
  it('leaves out words that stand everywhere, unless there is nothing else', () => {
    expect(keysOf('servicio de la luz')).to.deep.equal(['servicio', 'luz']);
    expect(keysOf('de la')).to.deep.equal(['de', 'la']);
  });
  it('has no terms without letters and digits', () => expect(parseSearch(`'"%()&|!<->:* 🧾`).terms).to.deep.equal([]));
  it('has at most as many words as the limit', () => {
    const words = parseSearch(Array.from({ length: 40 }, (_, index) => `w${index}`).join(' ')).terms.flatMap((term) => term.words);
    expect(words).to.have.length(SEARCH_LIMITS.maxWords);
  });
  it('whatever it is, gives words and keys of letters and digits only', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const { terms, whole } = parseSearch(text);
      return terms.every(({ key, words }) => SAFE.test(key) && words.every((word) => SAFE.test(word))) && (whole === '' || SAFE.test(whole));
    }));
  });
  it('is split as a text is, an abbreviation with its dots is one word; it is asked with its letters apart, too', () => {
    expect(parseSearch('Aceros,S.A. ab.c').terms).to.deep.equal([{ key: 'acerossa', words: ['aceros', 'sa'], apart: ['aceros', 's', 'a'] }, { key: 'abc', words: ['ab', 'c'], apart: ['ab', 'c'] }]);
    expect(parseSearch(Array.from({ length: 60 }, () => 'x').join('.')).terms[0]?.apart).to.have.length(SEARCH_LIMITS.maxWords);
  });
  it('is found in its singular where accents would have been needed', () => {
    expect(formsOf('instalaciones')).to.deep.equal(['instalaciones', 'instalacion']);
    expect(formsOf('leones')).to.deep.equal(['leones']);
  });
});

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'x'), minLength: 4, maxLength: 12 });

describe('A word with a typing error', () => {
  it('is one letter away: missing, too many, another, or two swapped', () => {
    const variants = variantsOf('acero');
    for (const near of ['acro', 'aceroo', 'acere', 'aecro', 'cero', 'acer', 'xacero']) expect(variants.has(near), near).to.equal(true);
    for (const far of ['acero', 'acr', 'oreca', 'aerco', 'acerooo']) expect(variants.has(far), far).to.equal(false);
  });
  it('is near to what is near to it', () => {
    fc.assert(fc.property(letters, (word) => [...variantsOf(word)].filter((variant) => variant.length >= 4).every((variant) => variantsOf(variant).has(word))), { numRuns: 10 });
  });
  it('is corrected only when it is a word of some length', () => {
    expect(['acero', 'ace', 'a1001', 'x'.repeat(21), 'peña'].map(isCorrectable)).to.deep.equal([true, false, false, false, true]);
  });
  it('means the whole word before one that only begins so, and the frequent one before the rare', () => {
    const found = correctionsOf('tornilo', [{ word: 'tornillos', rows: 90 }, { word: 'tornillo', rows: 5 }, { word: 'tornito', rows: 7 }, { word: 'acero', rows: 500 }]);
    expect(found).to.deep.equal(['tornillo', 'tornito']);
  });
  it('means nothing where nothing is near', () => expect(correctionsOf('tornilo', [{ word: 'acero', rows: 1 }])).to.deep.equal([]));
});

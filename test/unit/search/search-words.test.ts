import { expect } from 'chai';
import fc from 'fast-check';
import type { InvoiceSearchRow } from '#contracts/read-models/other.js';
import { foldProse, lengthOf, stemOf, wordsOf } from '#contracts/read-models/search-words.js';
import { INVOICE_SEARCH_TABLE } from '#contracts/read-models/tables/invoice-search.js';
import { parseSearch, SEARCH_LIMITS } from '../../../read-side/search/search-query.js';
import { invoiceId } from '../projections/events.js';
import { rowOf } from './rows.js';

const ID = invoiceId(1);
const EMPTY = rowOf({ series: null, number: null, uuid: null, issuer: {}, receiver: {}, descriptions: [] });
const documentOf = (row: Partial<InvoiceSearchRow>): string => INVOICE_SEARCH_TABLE.derived[0]?.encode({ ...EMPTY, ...row }) ?? '';
const LEXEME = /^'([\p{L}\p{N}\ufffd]+)':(\d+)([ABC])$/u;
const lexemesOf = (row: Partial<InvoiceSearchRow>): readonly { lexeme: string; place: number; weight: string }[] => documentOf(row).split(' ').filter((part) => part !== '').map((part) => {
  const [, lexeme, place, weight] = LEXEME.exec(part) ?? [];
  if (lexeme === undefined || weight === undefined) throw new Error(`no lexeme: ${part}`);
  return { lexeme, place: Number(place), weight };
});
const wordsIn = (descriptions: readonly string[]) => lexemesOf({ descriptions }).filter(({ weight }) => weight === 'C');
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ unit: 'grapheme', maxLength: 80 }), fc.stringMatching(/^[a-zñáéS.A'/&@ 0-9-]{0,60}$/u), fc.array(fc.constantFrom('S', 'a', '𐀀', 'ß', 'n\u0303', '1', '.', '.', '-', ',', ' ', 'Mex'), { maxLength: 12 }).map((parts) => parts.join('')));

describe('The words that an invoice is found by', () => {
  it('are its keys, its names and its descriptions, as written and by their stem, each with the weight of where it stands', () => {
    expect(documentOf({ series: 'A', number: '10-3', issuer: { id: 'XAXX010101000', name: 'Compañía' }, receiver: { name: 'Peñón' }, descriptions: ['Tornillos de acero'] })).to.equal(
      `'a103':1A '103':2A 'a':3A 'xaxx010101000':4A '${ID.replaceAll('-', '')}':5A 'compania':100B 'compani':101B 'penon':1000B 'penon':1001B 'tornillos':2000C 'tornill':2001C 'de':2002C 'acero':2003C 'acer':2004C`,
    );
  });

  it('are split where a query is: whatever is copied out of a text finds it', () => {
    fc.assert(fc.property(anyText, (text) => {
      const lexemes = lexemesOf({ descriptions: [text] }).map(({ lexeme }) => lexeme);
      for (const { words } of parseSearch(text).terms) {
        for (const word of words) expect(lexemes.some((lexeme) => lexeme.startsWith(word)), `${word} in ${JSON.stringify(text)}`).to.equal(true);
      }
    }), { numRuns: 3_000 });
  });

  it('are letters and digits only, each in a place of its own, whatever strangers wrote', () => {
    fc.assert(fc.property(anyText, anyText, (name, text) => {
      const lexemes = lexemesOf({ series: name, number: text, issuer: { id: text, name }, receiver: { name: text }, descriptions: [text, name] });
      const places = lexemes.map(({ place }) => place);
      expect(new Set(places).size).to.equal(places.length);
      expect(places.every((place) => place > 0 && place <= 16_383)).to.equal(true);
      expect(lexemes.map(({ weight }) => weight).join('')).to.match(/^A*B*C*$/u);
    }));
  });

  it('are bounded: one word, one text', () => {
    expect(wordsIn(['x'.repeat(5_000)]).map(({ lexeme }) => lexeme.length)).to.deep.equal([200, 200]);
    expect(wordsIn([`${'x'.repeat(199)}𐍈${'𐍈'.repeat(50)}`]).map(({ lexeme }) => lexeme.isWellFormed())).to.deep.equal([true, true]);
    expect(wordsIn(Array.from({ length: 4_096 }, (_, at) => `${at} `.repeat(200))).length).to.be.within(10_000, 100_000);
  });

  it('have one stem for singular and plural; little words and single letters have none', () => {
    expect(['tornillos', 'tornillo', 'servicios', 'papel', 'papeles', '600'].map(stemOf)).to.deep.equal(['tornill', 'tornill', 'servici', 'papel', 'papel', '600']);
    expect(['de', 'para', 'x', '7'].map(stemOf)).to.deep.equal([undefined, undefined, undefined, undefined]);
    fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), (text) => wordsOf(foldProse(text)).every((word) => stemOf(word) !== '')));
    expect(lengthOf(['papel', 'de', 'x', 'tornillos'])).to.equal(6);
  });

  it('are the same when more words came by than stems are remembered', () => {
    const before = stemOf('instalaciones');
    for (let at = 0; at < 45_000; at += 1) stemOf(`palabra${at}`);
    expect(stemOf('instalaciones')).to.equal(before).and.equal('instal');
  });

  it('are abbreviations without their dots', () => {
    expect(wordsOf(foldProse('S.A. de C.V., S.A.P.I. v1.2.3 a.b1 12.5'))).to.deep.equal(['sa', 'de', 'cv', 'sapi', 'v1', '2', '3', 'a', 'b1', '12', '5']);
  });

  it('have as many letters in a query as fit', () => expect(SEARCH_LIMITS.maxWordLength).to.be.lessThan(200));
});

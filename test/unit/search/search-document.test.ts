import { expect } from 'chai';
import fc from 'fast-check';
import { compareMoney, toMoney } from '#contracts/money.js';
import { amountOrder, rowOfDocument, toSearchDocument } from '#contracts/read-models/search-document.js';
import { rowOf } from './rows.js';

const named = (name: string): string => toSearchDocument(rowOf({ issuer: { name }, receiver: {}, descriptions: [] })).search.names;
const amount = fc.tuple(fc.boolean(), fc.stringMatching(/^\d{1,24}$/u), fc.stringMatching(/^\d{0,12}$/u)).map(([negative, integer, fraction]) => toMoney(`${negative ? '-' : ''}${integer}${fraction === '' ? '' : `.${fraction}`}`));

describe('the document of an invoice', () => {
  it('gives its row back, through JSON', () => {
    const row = rowOf();
    expect(rowOfDocument(JSON.parse(JSON.stringify(toSearchDocument(row))))).to.deep.equal(row);
    for (const other of [undefined, null, {}, 'x', [], { id: 1 }]) expect(rowOfDocument(other)).to.equal(undefined);
  });

  it('sorts amounts as text exactly as they are, to the last of 36 digits', () => {
    fc.assert(fc.property(amount, amount, (left, right) => {
      const [a, b] = [amountOrder(left), amountOrder(right)];
      expect(Math.sign(compareMoney(left, right))).to.equal(a < b ? -1 : Number(a > b));
    }));
    expect([amountOrder('-0'), amountOrder('0.00')]).to.deep.equal([amountOrder('0'), amountOrder('0')]);
    expect(() => amountOrder('1e5')).to.throw(RangeError);
  });

  it('folds as a query does: accents, ligatures, abbreviations', () => {
    expect(named('Compañía Ñandú, S.A. de C.V.')).to.equal('compania nandu, sa. de cv.');
    expect(named('Müller Straßenbau S.A.P.I.')).to.equal('muller strassenbau sapi.');
    expect(named('v1.2.3 a.b1 www.example.com 12.50')).to.equal('v1.2.3 a.b1 www.example.com 12.50');
  });

  it('keeps words of letters for typing errors, each once', () => {
    expect(toSearchDocument(rowOf({ issuer: { name: 'Papel papel A1001 de' }, receiver: {}, descriptions: ['Papel', 'x'.repeat(30)] })).search.words).to.deep.equal(['papel']);
  });

  it('tells less of a word in a longer text', () => {
    const brevity = (descriptions: readonly string[]): number => toSearchDocument(rowOf({ descriptions })).search.brevity;
    expect(brevity(['tornillo'])).to.be.greaterThan(brevity(['tornillo de acero']));
    expect(toSearchDocument(rowOf({ issuer: {}, receiver: {}, descriptions: [], series: null, number: null, uuid: null })).search.brevity).to.be.within(0, 1);
  });

  it('is JSON of well-formed texts where it is searched, whatever the row says', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const { names, text: prose, keys, words } = toSearchDocument(rowOf({ issuer: { id: text, name: text }, descriptions: [text], series: text, number: text })).search;
      return [names, prose, ...keys, ...words].every((value) => value.isWellFormed());
    }));
  });
});

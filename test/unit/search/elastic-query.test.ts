import { expect } from 'chai';
import fc from 'fast-check';
import { filterClauses, pageBody, patternsOf, resemblingBody } from '../../../read-side/search/elastic-query.js';
import { parseSearch, SEARCH_LIMITS } from '../../../read-side/search/search-query.js';
import { TYPO_LIMITS, variantsOf } from '../../../read-side/search/typos.js';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'n', 'z', 'ñ', 'я'), minLength: TYPO_LIMITS.shortestPrefix, maxLength: TYPO_LIMITS.longest });
/** Longest expression that the engines take. */
const ENGINE_LIMIT = 1_000;

describe('a search as an engine is asked it', () => {
  it('looks for exactly the words that are, or begin with, a word one letter away', () => {
    fc.assert(fc.property(word, fc.string({ unit: fc.constantFrom('a', 'b', 'ñ'), maxLength: 3 }), (text, ending) => {
      const patterns = patternsOf(text).map((pattern) => new RegExp(`^(?:${pattern})$`, 'u'));
      const isFound = (candidate: string): boolean => patterns.some((pattern) => pattern.test(candidate));
      const variants = variantsOf(text);
      for (const variant of variants) expect(isFound(variant + ending), `${text} ${variant}`).to.equal(true);
      const beginsSo = (candidate: string): boolean => [...variants].some((variant) => candidate.startsWith(variant)) || candidate.startsWith(text);
      for (const candidate of [`q${text.slice(2)}`, text.slice(3), `${text.slice(0, 2)}qq${text.slice(4)}`]) expect(isFound(candidate), `${text} ${candidate}`).to.equal(beginsSo(candidate));
    }), { numRuns: 30 });
  });

  it('stays within the limit of the engines for the longest word', () => {
    for (const pattern of patternsOf('x'.repeat(TYPO_LIMITS.longest))) expect(pattern.length).to.be.lessThan(ENGINE_LIMIT);
    expect(JSON.stringify(resemblingBody('corto', {}))).to.not.include('regexp');
  });

  it('is bounded, however long the search is', () => {
    const text = Array.from({ length: 60 }, (_, at) => `palabraciones${at}`).join(' ').slice(0, SEARCH_LIMITS.maxQueryLength);
    const body = JSON.stringify(pageBody({ query: parseSearch(text), corrections: {} }, {}, 50, undefined, 10));
    expect(body.match(/"(?:prefix|match|term|match_bool_prefix)":/gu)?.length).to.be.lessThan(500);
  });

  it('has one clause for each filter', () => {
    const filter = { status: 'archived', issuer: 'a', receiver: 'b', from: '2026-01-01', to: '2026-02-01', minTotal: '1', maxTotal: '2', currency: 'MXN', documentType: 'I', format: 'cii', code: 'C', uuid: 'x' } as const;
    expect(filterClauses(filter)).to.have.length(Object.keys(filter).length);
    expect(filterClauses({})).to.deep.equal([]);
  });

  it('begins behind the last hit by score, day and id', () => {
    const body = pageBody({ query: parseSearch('papel'), corrections: {} }, {}, 3, ['0.123456789', '2026-03-01', 'x'], 10);
    expect([body['search_after'], body['sort']]).to.deep.equal([[0.123456789, '2026-03-01', 'x'], [{ _score: 'desc' }, { 'search.day': 'desc' }, { id: 'asc' }]]);
  });
});

import { expect } from 'chai';
import { Problem } from '#contracts/kernel/problem.js';
import { KEY_FORMS, readCursor, writeCursor, type KeyForm } from '../../../read-side/cursor.js';

const QUERY = { filter: { status: 'archived' }, sort: '-received' };
const ANY: readonly KeyForm[] = [() => true];
const codeOf = (text: string, query: unknown = QUERY, forms = ANY): string => {
  try {
    return readCursor(text, query, forms).keys.join();
  } catch (error) {
    return error instanceof Problem ? error.code : 'uncoded';
  }
};

describe('A cursor', () => {
  it('carries its keys back, whatever the order of the filters', () => {
    expect(codeOf(writeCursor(QUERY, ['k']))).to.equal('k');
    expect(codeOf(writeCursor({ sort: '-received', filter: { status: 'archived' } }, ['k']))).to.equal('k');
  });
  it('of another query is refused', () => expect(codeOf(writeCursor({ ...QUERY, sort: 'total' }, ['k']))).to.equal('cursor-invalid'));
  it('of an earlier form has expired', () => expect(codeOf(Buffer.from(JSON.stringify([0, 'x', ['k']])).toString('base64url'))).to.equal('cursor-expired'));
  for (const text of ['', 'x', '!!!', Buffer.from('[]').toString('base64url'), Buffer.from('{"a":1}').toString('base64url'), Buffer.from('[1,2,3,4]').toString('base64url'), 'A'.repeat(3_000)]) {
    it(`is refused as ${text.slice(0, 12)}`, () => expect(codeOf(text)).to.equal('cursor-invalid'));
  }
  it('with keys that the database could not read is refused', () => expect(codeOf(writeCursor(QUERY, ['x']), QUERY, [KEY_FORMS.uuid])).to.equal('cursor-invalid'));
});

describe('A key of a cursor', () => {
  const table: readonly (readonly [keyof typeof KEY_FORMS, readonly string[], readonly string[]])[] = [
    ['instant', ['2026-03-05 12:00:00+00', '2026-03-05 12:00:00.25+00'], ['2026-02-30 12:00:00+00', '2026-03-05 25:00:00+00', 'infinity', 'now', '']],
    ['day', ['', '2026-02-28'], ['2026-02-30', '2026-02-28T', 'x']],
    ['amount', ['-Infinity', '0', '-1.50', '123456789012345678901234.123456789012'], ['NaN', 'Infinity', '1e5', '']],
    ['score', ['0.000000', '12.345678'], ['-1.0', 'NaN', '1', '']],
    ['uuid', ['3f2504e0-4f89-41d3-9a0c-0305e82c3301'], ['3f2504e0', '']],
  ];
  for (const [name, good, bad] of table) {
    it(`of the kind ${name} is told from what is none`, () => {
      expect(good.map(KEY_FORMS[name])).to.deep.equal(good.map(() => true));
      expect(bad.map(KEY_FORMS[name])).to.deep.equal(bad.map(() => false));
    });
  }
});

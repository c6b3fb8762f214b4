import { expect } from 'chai';
import { csvField, csvLine } from '../../../read-side/csv.js';

describe('A CSV field', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠x']) {
    it(`that a spreadsheet would run is made text: ${JSON.stringify(text)}`, () => expect(csvField(text).replaceAll('"', '')).to.equal(`'${text}`));
  }
  it('of our own numbers keeps its sign', () => expect(csvLine([{ name: 'total', value: () => '-12.50', text: false }], {})).to.equal('-12.50\r\n'));
  it('is quoted where it must be', () => expect(csvField('a "b", c\n')).to.equal('"a ""b"", c\n"'));
  it('is empty where there is nothing', () => expect([csvField(null), csvField(undefined), csvField('')]).to.deep.equal(['', '', '']));
});

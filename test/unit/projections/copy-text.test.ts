import { expect } from 'chai';
import { CopyText } from '../../../projections/worker/rebuild/copy-text.js';

describe('lines of COPY as bytes', () => {
  it('are those that were added, whatever their characters', () => {
    const text = new CopyText();
    const lines = ['plain\n', 'ñandú €\n', '👍\n', '\n'];
    for (const line of lines) text.add(line);
    expect(text.lines).to.equal(4);
    expect(text.size).to.equal(Buffer.byteLength(lines.join('')));
    expect(text.between(0, 4).toString()).to.equal(lines.join(''));
  });

  it('can be taken in parts, of which none has a piece of another', () => {
    const text = new CopyText();
    for (const line of ['one\n', 'två\n', 'drei\n']) text.add(line);
    expect(text.between(0, 1).toString()).to.equal('one\n');
    expect(text.between(1, 2).toString()).to.equal('två\n');
    expect(text.between(1, 3).toString()).to.equal('två\ndrei\n');
    expect(text.between(2, 2)).to.have.lengthOf(0);
  });

  it('outgrow the room that there is at first, one by one and together', () => {
    const text = new CopyText();
    const long = `${'€'.repeat(100_000)}\n`;
    const lines = ['first\n', long, ...Array.from({ length: 50 }, (_, index) => `${index}`.repeat(5_000) + '\n')];
    for (const line of lines) text.add(line);
    expect(text.between(0, text.lines).equals(Buffer.from(lines.join('')))).to.equal(true);
  });

  it('begin anew when they were cleared', () => {
    const text = new CopyText();
    text.add('before\n');
    text.clear();
    expect([text.size, text.lines]).to.deep.equal([0, 0]);
    text.add('after\n');
    expect(text.between(0, 1).toString()).to.equal('after\n');
  });
});

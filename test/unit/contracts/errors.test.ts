import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ERRORS, isErrorCode, problem } from '#contracts/errors.js';
import { ROOT } from '../../support/root.js';

describe('the error catalogue', () => {
  const page = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
  const sections = new Map(page.split('\n## ').slice(1).map((section) => [section.split('\n')[0] ?? '', section]));

  it('and its page have the same codes', () => {
    expect([...sections.keys()].sort()).to.deep.equal(Object.keys(ERRORS).sort());
  });

  it('and its page say the same of each code', () => {
    for (const [code, { status, retryable, template }] of Object.entries(ERRORS)) {
      expect(sections.get(code), code).to.include(`Status ${status}, ${retryable ? 'retryable' : 'not retryable'}. ${template}`);
    }
  });

  it('fills its sentences from the facts of the case', () => {
    expect(problem('port-in-use', { port: 4400 }).message).to.include('Port 4400 is in use');
    expect(isErrorCode('toString')).to.equal(false);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { htmlPolicy } from '#platform/http/html.js';
import { ROOT } from '../../support/root.js';

const page = readFileSync(join(ROOT, 'console/index.html'), 'utf8');

describe('The page', () => {
  it('runs under its own policy: one script and one style by hash, no handlers or styles in attributes', () => {
    expect(htmlPolicy(page).match(/'sha256-/gu)).to.have.length(2);
    expect(page).to.not.match(/<[^>]+\s(?:on[a-z]+|style)\s*=/iu);
  });
  it('loads nothing from anywhere', () => expect(page).to.not.match(/(?:src|href)\s*=\s*["']?(?:https?:)?\/\/|@import|url\(/iu));
  it('puts what it is given into the page as text only', () => expect(page).to.not.match(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function|srcdoc/u));
});

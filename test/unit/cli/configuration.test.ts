import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { SETTINGS } from '../../../cli/config.js';
import { ROOT } from '../../support/root.js';

const shown = (fallback: string | number | boolean | readonly string[] | undefined): string => (fallback === undefined || (typeof fallback === 'object' && fallback.length === 0) ? '–' : `\`${String(fallback)}\``);

describe('the page of the configuration', () => {
  it('has each setting with its default and its meaning, and no other', () => {
    const page = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8');
    const rows = page.split('\n').filter((line) => line.startsWith('| `FOLIO_'));
    expect(rows).to.deep.equal(Object.values(SETTINGS).map(({ env, fallback, meaning }) => `| \`${env}\` | ${shown(fallback)} | ${meaning} |`));
  });
});

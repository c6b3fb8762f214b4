import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/root.js';

const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('the README', () => {
  it('shows the path of one event through files that exist, and that know it where they must', () => {
    const section = text('README.md').split('## The path of one event')[1]?.split('## ')[0] ?? '';
    const paths = [...section.matchAll(/`([\w./-]+\.ts)`/gu)].map(([, path]) => path ?? '');
    expect(paths.length).to.be.greaterThan(7);
    for (const path of paths) expect(existsSync(join(ROOT, path)), path).to.equal(true);
    for (const path of ['contracts/events/invoice.ts', 'write-side/invoice/decide.ts', 'projections/invoice-row/evolve.ts']) {
      expect(paths).to.include(path);
      expect(text(path), path).to.include('fiscal.invoice.archived');
    }
  });

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
    expect(Object.keys(scripts)).to.include.members(['start', 'test', 'check', 'bench']);
  });
});

describe('the command', () => {
  it('can be run as a file, which is how `npx` runs it', () => {
    const { bin } = JSON.parse(text('package.json')) as { bin: Record<string, string> };
    for (const path of Object.values(bin)) {
      accessSync(join(ROOT, path), constants.X_OK);
      expect(text(path).startsWith('#!/usr/bin/env node\n'), path).to.equal(true);
    }
  });
});

describe('the page of dependencies', () => {
  it('has one line for each direct dependency, and no other', () => {
    const { dependencies, devDependencies } = JSON.parse(text('package.json')) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
    const listed = [...text('docs/dependencies.md').matchAll(/^\| `([^`]+)` \|/gmu)].map(([, name]) => name ?? '');
    expect(new Set(listed)).to.deep.equal(new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]));
  });
});

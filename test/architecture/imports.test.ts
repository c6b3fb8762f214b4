import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/root.js';

const FOLDERS = ['contracts', 'infra/platform', 'write-side', 'projections', 'read-side', 'gateway', 'cli', 'test'];
const ROOMS = ['write-side', 'projections', 'read-side', 'gateway', 'console'];
const IMPORT = /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gu;

export function importsOf(source: string): string[] {
  return [...source.matchAll(IMPORT)].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '');
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts')).map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

/** A specifier as a path from the root, or the name of a package. */
function resolve(file: string, specifier: string): string {
  const path = specifier.startsWith('#contracts/') ? `contracts/${specifier.slice(11)}` : specifier.startsWith('#platform/') ? `infra/platform/${specifier.slice(10)}` : specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : undefined;
  return path === undefined ? specifier : path.replace(/\.js$/u, '.ts');
}

const files = FOLDERS.flatMap(sources);
const graph = new Map(files.map((file) => [file, importsOf(readFileSync(join(ROOT, file), 'utf8')).map((specifier) => resolve(file, specifier))]));
const edges = [...graph].flatMap(([file, targets]) => targets.map((target) => ({ file, target })));
const within = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);
const ours = (path: string): boolean => FOLDERS.some((folder) => within(path, folder));
const broken = (found: typeof edges): string[] => found.map(({ file, target }) => `${file} → ${target}`);

describe('the architecture', () => {
  it('is read from every kind of import', () => {
    const source = `import a from 'a';\nimport type { B,\n C } from "./b.js";\nexport { d } from '#contracts/d.js';\nimport 'e';\nconst f = await import('f');\n// from 'not'`;
    expect(importsOf(source)).to.deep.equal(['a', './b.js', '#contracts/d.js', 'e', 'f']);
    expect(files.length).to.be.greaterThan(200);
    expect(edges.filter(({ target }) => ours(target) && !graph.has(target)).map(({ file, target }) => `${file} → ${target}`)).to.deep.equal([]);
  });

  it('contracts know nothing of ours and nothing of the machine', () => {
    expect(broken(edges.filter(({ file, target }) => within(file, 'contracts') && ((ours(target) && !within(target, 'contracts')) || target.startsWith('node:'))))).to.deep.equal([]);
  });

  it('the platform knows only the kernel of the contracts', () => {
    expect(broken(edges.filter(({ file, target }) => within(file, 'infra/platform') && ours(target) && !within(target, 'infra/platform') && !within(target, 'contracts/kernel')))).to.deep.equal([]);
  });

  it('rooms meet only in contracts and stand on the platform', () => {
    const room = (path: string): string | undefined => ROOMS.find((name) => within(path, name));
    expect(broken(edges.filter(({ file, target }) => room(file) !== undefined && (within(target, 'cli') || (room(target) !== undefined && room(target) !== room(file)))))).to.deep.equal([]);
  });

  it('deciders, folds and documents are pure: contracts and themselves only', () => {
    const isPure = (file: string): boolean => within(file, 'write-side/documents') || within(file, 'projections/invoice-row') || /^write-side\/(?:invoice|auth)\/(?:.*\/)?(?:state|decide|rules)\.ts$/u.test(file) || /^projections\/[^/]+\/project\.ts$/u.test(file);
    const allowed = (file: string, target: string): boolean => within(target, 'contracts') || target === 'saxes' || (target === 'node:crypto' && within(file, 'write-side/documents/seal')) || target === 'write-side/handle-command.ts' || target === 'write-side/auth/streams.ts' || within(target, 'projections/kit') || within(target, 'projections/invoice-row') || dirname(target) === dirname(file) || within(target, 'write-side/documents') || isPure(target);
    expect(broken(edges.filter(({ file, target }) => isPure(file) && !allowed(file, target)))).to.deep.equal([]);
  });

  it('roles are put together only by the command line', () => {
    expect(broken(edges.filter(({ file, target }) => target.endsWith('/role.ts') && !within(file, 'cli') && !within(file, 'test') && !within(file, dirname(target))))).to.deep.equal([]);
  });

  it('production never imports tests', () => {
    expect(broken(edges.filter(({ file, target }) => !within(file, 'test') && within(target, 'test')))).to.deep.equal([]);
  });

  it('pools of Postgres are opened in one place, which gives what is asked through them its deadlines', () => {
    const opening = files.filter((file) => !within(file, 'test') && readFileSync(join(ROOT, file), 'utf8').includes('new pg.Pool('));
    expect(opening).to.deep.equal(['infra/platform/postgres/pool.ts']);
  });

  it('the test kit for projections is for tests only, and knows none of ours', () => {
    const kit = 'projections/kit/testing';
    expect(files.filter((file) => within(file, kit)).length).to.be.greaterThan(10);
    expect(broken(edges.filter(({ file, target }) => within(target, kit) && !within(file, kit) && !within(file, 'test')))).to.deep.equal([]);
    expect([...new Set(edges.filter(({ file, target }) => within(file, kit) && !ours(target) && !target.startsWith('node:')).map(({ target }) => target))]).to.deep.equal(['pg']);
  });

  it('has no cycles, those of types alone included', () => {
    const done = new Set<string>();
    const found: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (done.has(file) || path.includes(file)) return;
      for (const target of graph.get(file) ?? []) if (graph.has(target)) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(found).to.deep.equal([]);
  });

  it('switches off no rule of the linter for a whole file, and has every rule it relies on', () => {
    const config = readFileSync(join(ROOT, '.oxlintrc.json'), 'utf8');
    for (const rule of ['no-explicit-any', 'no-non-null-assertion', 'no-floating-promises', 'no-cycle']) expect(config).to.include(`${rule}": "error"`);
    for (const file of files) expect(readFileSync(join(ROOT, file), 'utf8'), file).not.to.match(/(?:oxlint|eslint)-disable(?!-next-line)|@ts-(?:nocheck|ignore|expect-error)/u);
  });
});

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/root.js';

const COMPILER = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

const PROJECTION = `import { column, type ProjectedRow, type RowProjection, type TableSpec } from 'folio/projection-kit';
import { invoice, projectionSuite } from 'folio/projection-kit/testing';

interface Row extends ProjectedRow { readonly name: string }
const table: TableSpec<Row> = { name: 'row', columns: [column('name', 'text', (row) => row.name)], derived: [], key: ['id'], before: [], generated: [], indexes: [], parse: () => { throw new Error('never'); } };
export const mine: RowProjection<Row> = { name: 'mine', topics: ['auth-events'], handles: ['auth.user.registered'], ignores: [], table, evolve: (row, { stream, shardKey, month, revision, position }) => row ?? { id: stream, name: NAME, shardKey, month, revision, position } };
export const suite: typeof projectionSuite = projectionSuite;
export const subject: string = typeof invoice;
`;

/** Somebody else's package, which has this one among its modules. */
describe('another package', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folio-package-'));
    await mkdir(join(folder, 'node_modules'));
    await symlink(ROOT, join(folder, 'node_modules', 'folio'), 'dir');
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'another', type: 'module', dependencies: { folio: '*' } }));
    const compilerOptions = { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, skipLibCheck: true, types: [] };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['mine.ts'] }));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const compile = async (name: string): Promise<{ code: number; output: string }> => {
    await writeFile(join(folder, 'mine.ts'), PROJECTION.replace('NAME', name));
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [COMPILER, '-p', folder], { cwd: folder }, (_error, stdout) => resolve({ code: child.exitCode ?? 1, output: stdout }));
    });
  };

  it('has the kit with its types', async () => {
    expect(await compile(`'x'`)).to.deep.equal({ code: 0, output: '' });
  });

  it('is told of a row that is not what its table says', async () => {
    const { code, output } = await compile('7');
    expect([code === 0, /TS2322.*number.*string/su.test(output)]).to.deep.equal([false, true]);
  });
});

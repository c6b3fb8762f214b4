import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { column, folderOf, RowRefused, type ProjectedRow, type RowProjection, type TableSpec } from 'folio/projection-kit';
import * as testing from 'folio/projection-kit/testing';
import { RowRefused as refusedByTheWorker } from '../../../projections/kit/projection.js';
import { ROOT } from '../../support/root.js';

interface Row extends ProjectedRow { readonly name: string }

describe('the exports of the package', () => {
  it('are the kit and the test kit, and each is a file', () => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { exports: Record<string, Record<'types' | 'default', string>> };
    expect(Object.keys(exports)).to.deep.equal(['./projection-kit', './projection-kit/testing']);
    for (const path of Object.values(exports).flatMap((files) => Object.values(files))) expect(existsSync(join(ROOT, path)), path).to.equal(true);
  });

  it('give the same kit that the worker has, with its types', () => {
    expect(RowRefused).to.equal(refusedByTheWorker);
    const table: TableSpec<Row> = { name: 'row', columns: [column('name', 'text', (row) => row.name)], derived: [], key: ['id'], before: [], generated: [], indexes: [], parse: () => { throw new Error('nothing is read'); } };
    const projection: RowProjection<Row> = { name: 'mine', topics: ['auth-events'], handles: ['auth.user.registered'], ignores: [], table, evolve: (row, { stream, shardKey, month, revision, position }) => row ?? { id: stream, name: 'x', shardKey, month, revision, position } };
    expect(folderOf(projection).streamsOf('1')).to.deep.equal(['user-1']);
    expect(projection.table.columns.map(({ name }) => name)).to.deep.equal(['name']);
  });

  it('have what a declaration is written with', () => {
    expect(testing).to.include.keys('projectionSuite', 'embeddedDatabases', 'databasesOn', 'invoice', 'user', 'stream', 'at', 'unchecked', 'created', 'registered', 'MemoryDerivedStore');
  });
});

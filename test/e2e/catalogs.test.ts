import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { generatedCfdi } from '../../cli/demo/index.js';
import { BUILT_IN_DATA } from '../../write-side/documents/index.js';
import { cleanUp, folio, FolioProcess } from '../support/folio-process.js';

interface Judged { readonly verdict: string; readonly catalogueDate: string; readonly findings: readonly { readonly code: string }[] }

describe('folio catalogs', () => {
  let data: string;
  let running: FolioProcess | undefined;
  before(async () => { data = await FolioProcess.folder(); });
  after(() => cleanUp(data, running));

  const strange = Buffer.from(generatedCfdi({ index: 6 })).toString().replace(/ClaveUnidad="[^"]+"/u, 'ClaveUnidad="ZQ9"');
  const judged = async (): Promise<Judged> => (await (await running?.client())?.postXml<Judged>('/api/v1/validate?rule=CFDI40165', new Uint8Array(Buffer.from(strange)), {}))?.body ?? { verdict: 'none', catalogueDate: '', findings: [] };

  it('judges by the imported ones from the next start on, and does not start by a damaged file', async () => {
    running = await FolioProcess.start(data);
    expect(await judged()).to.deep.include({ verdict: 'invalid', catalogueDate: BUILT_IN_DATA.day });
    const table = join(data, 'c_ClaveUnidad.tsv');
    await writeFile(table, `code\tname\n${[...BUILT_IN_DATA.dated.c_ClaveUnidad.split(' '), 'ZQ9'].map((code) => `${code}\tUnidad\n`).join('')}`);
    const taken = await folio(['catalogs', 'import', table, '--day', '2026-11-15', '--data', data]);
    expect([taken.code, taken.stderr]).to.deep.equal([0, '']);
    const listed = JSON.parse((await folio(['catalogs', '--json', '--data', data])).stdout) as { name: string; day: string; source: string }[];
    expect(listed.filter(({ source }) => source === 'imported').map(({ name, day }) => [name, day])).to.deep.equal([['c_ClaveUnidad', '2026-11-15']]);
    expect((await judged()).verdict, 'what runs goes on as it was').to.equal('invalid');
    await running.end();
    running = await FolioProcess.start(data);
    expect(await judged()).to.deep.include({ verdict: 'valid', catalogueDate: '2026-11-15' });
    await running.end();
    const kept = join(data, 'catalogues', 'catalogues.json');
    await writeFile(kept, (await readFile(kept, 'utf8')).slice(0, -10));
    const refused = await folio(['start', '--data', data, '--port', '0', '--no-demo']);
    expect(refused.code).to.equal(3);
    expect(refused.stderr).to.match(/FOLIO_CATALOGUES is wrong: .* is damaged/u);
    const wrong = await folio(['catalogs', 'import', table, '--day', 'today', '--data', data]);
    expect([wrong.code, wrong.stderr]).to.deep.equal([3, 'folio: --day is wrong: it must be a day, YYYY-MM-DD.\n']);
  });
});

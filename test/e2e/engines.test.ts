import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/root.js';
import { describeWith } from '../support/engines.js';

const folio = (folder: string, ...words: string[]): { status: number | null; text: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'build/cli/main.js'), 'engines', ...words, '--data', folder], { encoding: 'utf8', timeout: 60_000 });
  return { status, text: stdout + stderr };
};

// Redis stands for all of them: it is up at once, and the code that starts, finds and stops is the same.
describeWith('redis', 'folio engines', () => {
  let folder = '';
  before(async () => { folder = await mkdtemp(join(tmpdir(), 'folio-engines-')); });
  after(async () => {
    folio(folder, 'stop');
    await rm(folder, { recursive: true, force: true });
  });

  it('starts an engine once, tells where it is, and stops it by its own id', () => {
    const first = folio(folder, 'start', 'redis');
    expect(first, first.text).to.include({ status: 0 });
    const [, address, pid] = /(redis:\/\/127\.0\.0\.1:\d+) +\(process (\d+)\)/u.exec(first.text) ?? [];
    expect(folio(folder, 'start', 'redis').text).to.include(`process ${pid}`);
    expect(JSON.parse(folio(folder, 'status', '--json').text)).to.deep.include({ kafka: null }).and.to.have.nested.property('redis.address', address);
    expect(folio(folder, 'stop').text).to.equal('stopped: redis\n');
    expect(folio(folder, 'status').text).to.match(/redis +not running/u);
    expect(() => process.kill(Number(pid), 0)).to.throw();
  });

  it('comes back on the port that it had', () => {
    const portOf = (text: string): string | undefined => /127\.0\.0\.1:(\d+)/u.exec(text)?.[1];
    const before = portOf(folio(folder, 'start', 'redis').text);
    folio(folder, 'stop', 'redis');
    expect(portOf(folio(folder, 'start', 'redis').text)).to.equal(before);
  });

  it('says which engine it does not know', () => {
    expect(folio(folder, 'start', 'mongo').text).to.match(/'mongo' is invalid.*kafka, opensearch/u);
  });
});

describeWith('clickhouse', 'ClickHouse of the machine', (address) => {
  it('makes a table, takes rows, and gives them back', async () => {
    const ask = async (query: string): Promise<string> => {
      const response = await fetch(address(), { method: 'POST', body: query });
      const text = await response.text();
      expect(response.status, text).to.equal(200);
      return text.trim();
    };
    await ask('CREATE TABLE tried (id UInt32, minor Int64) ENGINE = MergeTree ORDER BY id');
    await ask('INSERT INTO tried VALUES (1, 1050), (2, -25)');
    expect(await ask('SELECT sum(minor), count() FROM tried')).to.equal('1025\t2');
  });
});

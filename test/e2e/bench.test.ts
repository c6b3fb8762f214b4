import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import type { EngineName } from '../../cli/engines/engine.js';
import { testEngine } from '../support/engines.js';
import { ROOT } from '../support/root.js';

/** Hang guard of one benchmark (ms). */
const GUARD_MS = 200_000;

interface Line {
  readonly name: string;
  readonly ok: boolean;
  readonly oracle: string;
  readonly ratio: number | null;
  readonly floor: number;
  readonly skipped?: string;
}

const ENGINES: Readonly<Record<string, readonly EngineName[]>> = {
  'relay': ['kafka'], 'kafka-feed': ['kafka'], 'visible-kafka': ['kafka'], 'redis-read': ['redis'], 'search-index': ['opensearch'], 'memory': ['kafka', 'opensearch', 'redis'],
};

/** Engines of the test run serve the benchmarks too: one that starts for each would take longer than what is tested. */
async function environmentOf(name: string): Promise<NodeJS.ProcessEnv> {
  const found = await Promise.all((ENGINES[name] ?? []).map(async (engine) => [`FOLIO_TEST_${engine.toUpperCase()}`, await testEngine(engine)] as const));
  return { ...process.env, ...Object.fromEntries(found.filter(([, address]) => address !== undefined)) };
}

async function bench(name: string, ...args: readonly string[]): Promise<{ code: number; line: Line }> {
  const env = await environmentOf(name);
  return new Promise((resolve, reject) => {
    const file = join(ROOT, 'build', 'test', 'bench', 'main.js');
    const child = execFile(process.execPath, [file, name, ...args, '--rounds', '1', '--json'], { timeout: GUARD_MS, env }, (error, stdout, stderr) => {
      const last = stdout.trim().split('\n').at(-1) ?? '';
      if (last.startsWith('{')) resolve({ code: child.exitCode ?? 0, line: JSON.parse(last) as Line });
      else reject(new Error(`no figures: ${error?.message ?? ''} ${stderr}`));
    });
  });
}

/** Exit code of a benchmark whose engine the machine cannot provide. */
const SKIPPED = 3;

function skipped(name: string, { code, line }: { code: number; line: Line }): boolean {
  if (code !== SKIPPED) return false;
  process.stdout.write(`skipped: benchmark ${name}: ${line.skipped ?? ''}\n`);
  return true;
}

type Ran = Awaited<ReturnType<typeof bench>>;

/** All of them take minutes: `npm run test:bench`. `npm test` plays those that stand for the others. */
const ALL = ['append', 'rebuild', 'rebuild-all', 'rebuild-scale', 'live', 'switch', 'noon', 'query', 'visible', 'token', 'import', 'import-full', 'relay', 'kafka-feed', 'visible-kafka', 'redis-read', 'search-index', 'memory', 'validate-cfdi', 'validate-en16931', 'lines'] as const;
const USUAL: readonly string[] = ['append', 'live', 'query', 'validate-cfdi', 'lines'];
const CHOSEN = process.env['FOLIO_BENCH_TESTS'] === 'all' ? ALL : ALL.filter((name) => USUAL.includes(name));

describe('the benchmarks can fail', () => {
  for (const name of CHOSEN) {
    describe(name, () => {
      let wrong: Ran;
      let slow: Ran;
      before(async function () {
        this.timeout(GUARD_MS);
        // Side by side: neither's figures mean anything.
        [wrong, slow] = await Promise.all([bench(name, '--break-oracle'), bench(name, '--slow-ours')]);
        if (skipped(name, wrong)) this.skip();
      });

      it('a wrong result has no figure', () => {
        const { code, line } = wrong;
        expect([code, line.name, line.oracle, line.ratio, line.ok]).to.deep.equal([2, name, 'failed', null, false]);
      });

      it('what is slow is below its floor', () => {
        const { code, line } = slow;
        expect([code, line.oracle, line.ok]).to.deep.equal([1, 'ok', false]);
        expect(line.ratio).to.be.lessThan(line.floor);
      });
    });
  }
});

import { expect } from 'chai';
import { platformProblem } from '#contracts/kernel/errors.js';
import { ShardWork } from '../../../projections/worker/rebuild/shard-work.js';
import { Proxy } from '../read-side/proxy.js';
import { Harness } from './harness.js';

/** Ends when it is told to; says when it begins. */
class Steps {
  readonly begun: string[] = [];
  readonly #ends = new Map<string, () => void>();
  readonly #begins = new Map<string, () => void>();

  work(name: string): () => Promise<void> {
    return () => {
      this.begun.push(name);
      this.#begins.get(name)?.();
      return new Promise((resolve) => { this.#ends.set(name, resolve); });
    };
  }

  async haveBegun(...names: readonly string[]): Promise<void> {
    for (const name of names) if (!this.begun.includes(name)) await new Promise<void>((resolve) => { this.#begins.set(name, resolve); });
  }

  end(name: string): void {
    this.#ends.get(name)?.();
  }

  endAll(): void {
    for (const end of this.#ends.values()) end();
  }
}

const messageOf = (work: Promise<void>): Promise<string> => work.then(() => 'it was done', (error: unknown) => (error as Error).message);

describe('work on a shard', () => {
  let harness: Harness;
  let shard: ShardWork;
  let steps: Steps;
  let isBusy: boolean;
  let stop: AbortController;
  before(async () => { harness = await Harness.open(1); });
  after(() => harness.close());
  beforeEach(() => {
    [steps, isBusy, stop] = [new Steps(), false, new AbortController()];
    shard = new ShardWork(harness.shardSettings[0] as never, { signal: stop.signal, governor: { get isBusy() { return isBusy; } } });
  });
  afterEach(() => {
    steps.endAll();
    return shard.close();
  });

  it('is done two pieces at a time, the lowest rank that waits first', async () => {
    const all = [[0, 'a'], [2, 'b'], [2, 'c'], [1, 'd']].map(([rank, name]) => shard.do(Number(rank), steps.work(String(name))));
    await steps.haveBegun('a', 'b');
    expect(steps.begun).to.have.members(['a', 'b']);
    steps.end('b');
    await steps.haveBegun('d');
    steps.end('d');
    await steps.haveBegun('c');
    expect(steps.begun.slice(2)).to.deep.equal(['d', 'c']);
    for (const name of ['a', 'c']) steps.end(name);
    await Promise.all(all);
  });

  it('is done one piece at a time while readers are busy', async () => {
    isBusy = true;
    const all = ['a', 'b', 'c'].map((name) => shard.do(0, steps.work(name)));
    await steps.haveBegun('a');
    steps.end('a');
    await steps.haveBegun('b');
    expect(steps.begun).to.deep.equal(['a', 'b']);
    isBusy = false;
    steps.end('b');
    await steps.haveBegun('c');
    steps.end('c');
    await Promise.all(all);
  });

  it('ends with the first failure: what is under way comes to its end, what waits never begins', async () => {
    const bad = messageOf(shard.do(0, (client) => client.query('SELECT 1 / 0')));
    const running = shard.do(0, steps.work('running'));
    const waiting = messageOf(shard.do(0, steps.work('waiting')));
    expect(await Promise.all([bad, waiting])).to.deep.equal(['division by zero', 'division by zero']);
    await steps.haveBegun('running');
    steps.end('running');
    await running;
    expect(await messageOf(shard.do(0, steps.work('later')))).to.equal('division by zero');
    expect(steps.begun).to.deep.equal(['running']);
  });

  it('waits for no answer of a shard that is gone', async () => {
    const proxy = await Proxy.before(harness.shardSettings[0] as never);
    const far = new ShardWork(proxy.settings, { signal: stop.signal, governor: { isBusy: false } });
    await far.do(0, (client) => client.query('SELECT 1'));
    proxy.freeze();
    const asked = messageOf(far.do(0, (client) => client.query('SELECT 2')));
    stop.abort(platformProblem('shard-unavailable', { shard: 1 }));
    expect(await asked).to.not.equal('it was done');
    await far.close();
    await proxy.cut();
  });

  it('ends when it is given up', async () => {
    const running = shard.do(0, steps.work('running'));
    const other = shard.do(0, steps.work('other'));
    const waiting = messageOf(shard.do(0, steps.work('waiting')));
    await steps.haveBegun('running', 'other');
    stop.abort(new Error('given up'));
    for (const name of ['running', 'other']) steps.end(name);
    expect(await waiting).to.equal('given up');
    await Promise.all([running, other]);
    expect(steps.begun).to.have.members(['running', 'other']);
  });
});

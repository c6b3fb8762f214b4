import { expect } from 'chai';
import { InFlight } from '#platform/cache/in-flight.js';

const LATE = new Error('late');
const never = (): Promise<never> => new Promise(() => undefined);
const after = (ms: number): Promise<string> => new Promise((resolve) => setTimeout(resolve, ms, 'done'));

describe('work with one time limit', () => {
  it('ends with its own result or failure when that comes in time', async () => {
    const work = new InFlight(10_000, () => LATE);
    const failure = new Error('its own');
    expect(await work.bound(Promise.resolve(1))).to.equal(1);
    expect(await work.bound(Promise.reject(failure)).catch((error: unknown) => error)).to.equal(failure);
    expect(await work.bound(Promise.reject(failure), () => 'another').catch((error: unknown) => error)).to.equal('another');
  });

  it('fails when its time is over, each piece after its own, whichever ended before', async () => {
    const work = new InFlight(60, () => LATE);
    const ends: string[] = [];
    const piece = (name: string, what: Promise<unknown>): Promise<unknown> => work.bound(what).then(() => ends.push(`${name} done`), (error: unknown) => ends.push(`${name} ${(error as Error).message}`));
    const first = [piece('a', never()), piece('b', after(5)), piece('c', never())];
    await after(30);
    await Promise.all([...first, piece('d', never()), piece('e', Promise.resolve())]);
    expect(ends).to.deep.equal(['b done', 'e done', 'a late', 'c late', 'd late']);
  });

  it('counts a failure once, also when the work fails later all the same', async () => {
    const work = new InFlight(5, () => LATE);
    let counted = 0;
    const failing = after(30).then(() => { throw new Error('too late'); });
    await work.bound(failing, (error) => { counted += 1; return error; }).catch(() => undefined);
    await failing.catch(() => undefined);
    expect(counted).to.equal(1);
  });

  it('reads answers that lie there already before it calls them late, however long the process was busy', async () => {
    const work = new InFlight(5, () => LATE);
    const bound = work.bound(after(1));
    const busyUntil = performance.now() + 50;
    while (performance.now() < busyUntil);
    expect(await bound).to.equal('done');
  });
});

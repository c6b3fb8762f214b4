import { expect } from 'chai';
import type { Lane } from '#contracts/kernel/lane.js';
import { toPosition } from '#contracts/kernel/position.js';
import type { ProjectionStatus } from '#contracts/queries.js';
import { ApiProblem, type Answer } from '../../../cli/client.js';
import { statusLines, watchProjections } from '../../../cli/commands/projections.js';

const status = (more: Partial<ProjectionStatus> = {}): ProjectionStatus => ({
  name: 'invoice-summary', generation: 2, state: 'running', workers: 1, silentSeconds: 0, position: toPosition('120'), eventsBehind: 0, secondsBehind: 0, eventsPerSecond: 12.34, lastBatchEvents: 50,
  lanes: [{ lane: 'v1/fiscal-invoice/3' as Lane, position: toPosition('120'), eventsBehind: 0, secondsBehind: 0, eventsPerSecond: 12.34, owner: 'one' }],
  outcomes: { applied: 1, duplicate: 2, ignored: 3, quarantined: 4 }, parkedStreams: 0, oldestParkedSeconds: null, stalled: false, outOfDate: null, rebuild: null, ...more,
});
const lineOf = (more: Partial<ProjectionStatus>): string => statusLines({ items: [status(more)], relays: [] }, false).join('\n');

describe('The lines of `folio projections`', () => {
  it('tell position, lag, rate and outcomes of a projection that is well, and nothing that is not there', () => {
    expect(lineOf({})).to.match(/^invoice-summary +g2 +position +120 +running +behind 0 events, 0\.0 s +12\.3 events\/s +batch +50 +applied 1, duplicate 2, ignored 3, quarantined 4$/u);
  });
  it('tell what stands still before anything else', () => expect(lineOf({ stalled: true, eventsBehind: null, secondsBehind: 90.26 })).to.match(/120 +STALLED, running +behind \? events, 90\.3 s/u));
  it('tell a quarantine with its oldest stream', () => {
    expect(lineOf({ parkedStreams: 3, oldestParkedSeconds: 7_300 })).to.include('parked 3, oldest 2 h');
    expect(lineOf({ parkedStreams: null })).to.include('parked ?');
  });
  it('tell a rebuild with its rate and the time it still needs', () => {
    const rebuild = { generation: 3, stage: 'fold', eventsDone: 400, eventsTotal: 1_000, perSecond: 20, etaSeconds: 30 };
    expect(lineOf({ rebuild })).to.include('rebuild of g3: fold 400/1000, 20 events/s, ETA 30 s');
  });
  it('tell how many workers there are when it is not one, and a silent one', () => {
    expect(lineOf({ workers: 0, state: 'stopped', silentSeconds: null })).to.include('stopped (0 workers)');
    expect(lineOf({ workers: 2, silentSeconds: 12 })).to.include('running (2 workers), one silent for 12 s');
  });
  it('tell each lane and its holder where they are asked for', () => {
    const lines = statusLines({ items: [status(), status({ lanes: [] })], relays: [] }, true);
    expect(lines).to.have.length(3);
    expect(lines[1]).to.match(/^ {2}v1\/fiscal-invoice\/3 +position +120 +behind 0 events, 0\.0 s +12\.3 events\/s +one$/u);
  });
});

describe('`folio projections --watch`', () => {
  /** Answers one after the other and ends the watch with the last. */
  async function watched(answers: readonly (readonly ProjectionStatus[] | Error)[], screen: { readonly isTTY?: boolean; readonly columns?: number }, json = false): Promise<string[]> {
    const stop = new AbortController();
    const written: string[] = [];
    let asked = 0;
    const get = async <Body>(): Promise<Answer<Body>> => {
      const answer = answers[asked++];
      if (answer instanceof Error) throw answer;
      return { status: 200, headers: new Headers(), body: { items: answer, relays: [] } as Body };
    };
    const write = (text: string): void => {
      written.push(text);
      if (written.length === answers.length) stop.abort();
    };
    expect(await watchProjections({ get }, { json, lanes: false }, { ...screen, write }, stop.signal, 1)).to.equal(0);
    return written;
  }

  it('writes over what it wrote before, and no line is wider than the terminal', async () => {
    const [first, second] = await watched([[status(), status()], [status({ position: toPosition('121') })]], { isTTY: true, columns: 40 });
    expect(first).to.match(/^invoice-summary/u).and.not.include('\u001B');
    expect(first?.split('\n').map(({ length }) => length)).to.deep.equal([40, 40, 0]);
    expect(second?.startsWith('\u001B[2A\u001B[Jinvoice-summary')).to.equal(true);
  });

  it('writes line after line where nobody looks', async () => {
    const written = await watched([[status()], [status()]], {});
    expect(written.join('')).to.not.include('\u001B');
    expect(written.join('').split('\n').filter((line) => line.startsWith('invoice-summary'))).to.have.length(2);
  });

  it('writes one JSON value a line', async () => {
    const written = await watched([[status()], [status()]], { isTTY: true }, true);
    expect(written.map((line) => (JSON.parse(line) as { items: unknown[] }).items)).to.deep.equal([[status()], [status()]]);
  });

  it('waits for an instance that does not answer for a while, and ends at a refusal', async () => {
    const written = await watched([new TypeError('fetch failed'), [status()]], {});
    expect(written[0]).to.equal('no answer: fetch failed\n');
    expect(written[1]).to.match(/^invoice-summary/u);
    const refusal = new ApiProblem({ type: 'about:blank', title: 'no', status: 403, detail: 'no', code: 'role-insufficient', retryable: false });
    const failed = await watched([refusal], {}).then(() => undefined, (error: unknown) => error);
    expect(failed).to.equal(refusal);
  });
});

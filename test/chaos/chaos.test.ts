import { comparePositions, type Position } from '#contracts/kernel/position.js';
import type { ProjectionStatus, RebuildReport } from '#contracts/queries.js';
import { Dice } from './dice.js';
import { Callers, fault, operation, type Move } from './moves.js';
import { expectDerivedAreFolds, expectRowsAreFolds, expectVerified, logUntilNow } from './oracle.js';
import { ChaosSystem } from './system.js';

/** `npm run test:chaos` plays hundreds of rounds, `npm test` a few. */
const ROUNDS = Number(process.env['CHAOS_ROUNDS'] ?? 10);
const SEED = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1_000_000_000));
/** Rounds between two comparisons of everything with a rebuild from nothing. */
const FROM_SCRATCH_EVERY = 5;
const SETTLE_MS = 120_000;
const LOOK_MS = 100;
const NAMES = ['invoice-summary', 'invoice-search', 'daily-report', 'users'];

/*
 * Story: callers send commands on up to 500 invoices without pause. Processes are killed or frozen, connections to every database are cut, messages of
 * the bus come up to three times, the search engine refuses; in the middle of it somebody rebuilds, rolls back, moves slots and shards, repairs, builds read models of another
 * moment. After each round everything heals by itself: every row is the fold of its stream, every digest the sum of its rows; every few rounds a rebuild
 * from nothing finds no difference. In the end search and cache are the folds too.
 */
describe(`chaos, seed ${SEED}`, () => {
  const dice = new Dice(SEED);
  const callers = new Callers();
  let system: ChaosSystem;
  let round = 0;
  let played: readonly Move[] = [];

  before(async function () {
    this.timeout(240_000);
    system = await ChaosSystem.start();
  });
  after(async function () {
    this.timeout(120_000);
    await system.stop();
  });

  it(`heals after each of ${ROUNDS} rounds`, async () => {
    const began = performance.now();
    try {
      for (round = 1; round <= ROUNDS; round += 1) {
        await play();
        await expectRowsAreFolds(system, await settle());
        await expectVerified(system);
        if ((ROUNDS > 10 && round % FROM_SCRATCH_EVERY === 0) || round === ROUNDS) await expectRebuildFindsNothing();
      }
      const rows = await expectRowsAreFolds(system, await quiet());
      await expectDerivedAreFolds(system);
      process.stdout.write(`      ${ROUNDS} rounds in ${((performance.now() - began) / 1_000).toFixed(0)} s, ${rows} invoices, ${system.repeater?.repeated ?? 0} messages repeated\n`);
    } catch (error) {
      throw new Error(`CHAOS_SEED=${SEED}, round ${round}, after: ${played.map(({ name }) => name).join('; ')}: ${(error as Error).message}`, { cause: error });
    }
  }).timeout(ROUNDS * 30_000 + SETTLE_MS);

  /** Commands, one to three faults, and now and then an operator, all at once. */
  async function play(): Promise<void> {
    const moves = [...Array.from({ length: dice.between(1, 3) }, () => fault(dice)), ...(dice.chance(0.6) ? [operation(dice)] : [])];
    played = moves;
    const commands = callers.send(system.client, dice, dice.between(10, 50));
    await Promise.all([commands, ...moves.map((move) => move.run(system))]);
  }

  const statuses = async (): Promise<readonly ProjectionStatus[]> => (await system.client.get<{ items: ProjectionStatus[] }>('/api/v1/projections')).body.items;

  /** Every process is back, no rebuild runs, and every projection has come to where the log was. */
  async function settle(): Promise<Position> {
    await system.healed();
    const { head } = await logUntilNow(system);
    await seen('everything caught up', async () => {
      const items = (await statuses()).filter(({ name }) => name !== 'hot-cache');
      return items.every(({ eventsBehind, position, rebuild }) => rebuild === null && eventsBehind !== null && (eventsBehind === 0 || comparePositions(position, head) >= 0));
    });
    return head;
  }

  /** Nothing is on its way any more. */
  async function quiet(): Promise<Position> {
    for (let last = ''; ;) {
      await settle();
      const { head, histories } = await logUntilNow(system);
      const resting = [...histories.values()].every((events) => events.at(-1)?.type !== 'fiscal.invoice.created' && events.at(-1)?.type !== 'fiscal.invoice.processing-started' && events.at(-1)?.type !== 'fiscal.invoice.validated');
      if (resting && head === last && (await statuses()).every(({ eventsBehind }) => eventsBehind === 0)) return head;
      last = head;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async function expectRebuildFindsNothing(): Promise<void> {
    await system.client.post('/api/v1/projections/rebuild', { projections: NAMES });
    await seen('the rebuild from nothing', async () => (await statuses()).every(({ rebuild }) => rebuild === null));
    for (const name of NAMES) {
      const { outcome, problem, comparison } = (await system.client.get<RebuildReport>(`/api/v1/projections/${name}/rebuild`)).body;
      if (outcome !== 'switched') throw new Error(`${name} from nothing: ${outcome}, ${problem?.detail ?? ''} ${JSON.stringify(comparison?.shown.slice(0, 5) ?? [])}`);
    }
  }

  async function seen(what: string, condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + SETTLE_MS;
    let last = 'not so';
    for (;;) {
      const isSo = await condition().catch((error: unknown) => {
        last = (error as Error).message;
        return false;
      });
      if (isSo) return;
      if (Date.now() > deadline) throw new Error(`not within ${SETTLE_MS / 1_000} s: ${what} (${last}): ${JSON.stringify((await statuses().catch(() => [])).map(({ name, state, eventsBehind, position, rebuild }) => [name, state, eventsBehind, position, rebuild?.stage]))}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
});

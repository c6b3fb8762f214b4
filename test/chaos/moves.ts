import { ApiProblem, type Client } from '../../cli/client.js';
import { generatedCfdi } from '../../cli/demo/index.js';
import type { Dice } from './dice.js';
import { MORTAL, type ChaosSystem } from './system.js';

/** Invoices of a run at most. */
export const AGGREGATES = 500;
const CALLERS = 6;

/** A refusal that a busy, dying or restarted system may give; anything else is a fault of ours. */
const REFUSALS: ReadonlySet<string> = new Set([
  'rebuild-running', 'rollback-impossible', 'invoice-not-archived', 'invoice-not-rejected', 'revision-conflict', 'idempotency-in-flight', 'invoice-unknown', 'needs-full-rebuild', 'rebuild-not-running', 'until-invalid', 'reshard-impossible',
]);

async function tolerated(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof ApiProblem && !error.document.retryable && !REFUSALS.has(error.document.code)) throw error;
    // No connection, or an answer that stopped in its middle: somebody died.
    return false;
  }
}

/** What callers know: invoices that were acknowledged. */
export class Callers {
  readonly known: string[] = [];
  #next = 0;

  /** So many commands, several at a time; each may be refused or lost. */
  async send(client: Client, dice: Dice, commands: number): Promise<void> {
    const plans = Array.from({ length: commands }, () => this.#plan(dice));
    const work = async (): Promise<void> => {
      for (let plan = plans.shift(); plan; plan = plans.shift()) await tolerated(plan(client));
    };
    await Promise.all(Array.from({ length: CALLERS }, work));
  }

  #plan(dice: Dice): (client: Client) => Promise<unknown> {
    const id = this.known.length > 0 ? dice.pick(this.known) : undefined;
    const kind = dice.next();
    if (id === undefined || (kind < 0.6 && this.#next < AGGREGATES)) return this.#create(this.#next++);
    if (kind < 0.7) return this.#create(dice.between(0, Math.max(0, this.#next - 1)));
    if (kind < 0.9) return (client) => client.post(`/api/v1/invoices/${id}/cancel`, { motive: '02' });
    return (client) => client.post(`/api/v1/invoices/${id}/process`, {});
  }

  /** The same index is the same document: taken in once, however often it is sent. */
  #create(index: number): (client: Client) => Promise<unknown> {
    return async (client) => {
      const { body } = await client.postXml<{ id: string }>('/api/v1/invoices', Buffer.from(generatedCfdi({ index })), {});
      if (!this.known.includes(body.id)) this.known.push(body.id);
    };
  }
}

export interface Move {
  readonly name: string;
  run(system: ChaosSystem): Promise<unknown>;
}

const PROJECTIONS = ['invoice-summary', 'invoice-search', 'daily-report', 'users'] as const;

/** Something breaks. */
export function fault(dice: Dice): Move {
  const kind = dice.next();
  if (kind < 0.55) {
    const name = dice.pick(MORTAL);
    return { name: `kill ${name}`, run: async (system) => system.kill(name) };
  }
  if (kind < 0.8) {
    const [place, ms] = [dice.between(0, 5), dice.between(20, 400)];
    return { name: `cut database ${place} for ${ms} ms`, run: (system) => system.cut(place, ms) };
  }
  if (kind < 0.9) {
    const ms = dice.between(50, 600);
    return { name: `search refuses for ${ms} ms`, run: (system) => system.refuseSearch(ms) };
  }
  const [name, ms] = [dice.pick(['worker', 'worker-2', 'relay'] as const), dice.between(500, 4_500)];
  return { name: `freeze ${name} for ${ms} ms`, run: (system) => system.freeze(name, ms) };
}

/** An operator does something in the middle of it. */
export function operation(dice: Dice): Move {
  const kind = dice.next();
  const projections = dice.some(PROJECTIONS);
  const post = (name: string, path: string, body: unknown): Move => ({ name: `${name} ${JSON.stringify(body)}`, run: ({ client }) => tolerated(client.post(path, body)) });
  if (kind < 0.45) return post('rebuild', '/api/v1/projections/rebuild', { projections });
  if (kind < 0.58) return post('move a slot', '/api/v1/projections/reshard', { slot: dice.between(0, 1_023), to: dice.between(1, 2) });
  if (kind < 0.66) return post('reshard', '/api/v1/projections/reshard', { shards: dice.between(2, 3) });
  if (kind < 0.74) return post('rollback', '/api/v1/projections/rollback', { projections: [dice.pick(projections)] });
  if (kind < 0.85) return post('repair', '/api/v1/projections/rebuild', { projections: ['invoice-summary'], select: { type: dice.pick(['fiscal.invoice.created', 'fiscal.invoice.archived', 'fiscal.invoice.cancelled']) } });
  return post('audit', '/api/v1/audits', { projections: ['invoice-summary'], name: 'chaos', until: String(dice.between(5, 60)) });
}

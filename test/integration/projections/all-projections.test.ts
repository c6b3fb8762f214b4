import { expect } from 'chai';
import { DAILY_TALLY_TABLE, REPORT_ENTRY_TABLE } from '#contracts/read-models/tables/daily-report.js';
import { INVOICE_SEARCH_TABLE } from '#contracts/read-models/tables/invoice-search.js';
import { INVOICE_SUMMARY_TABLE } from '#contracts/read-models/tables/invoice-summary.js';
import { USERS_TABLE } from '#contracts/read-models/tables/users.js';
import { toRevision } from '#contracts/kernel/position.js';
import type { InvoiceSummary } from '#contracts/read-models/invoice-summary.js';
import type { UserFact } from '#contracts/events/auth.js';
import { invoiceId, invoiceStream, lifeOf, userStream } from '../../unit/projections/events.js';
import { caughtUp, Harness } from './harness.js';

const TABLES = {
  'invoice-summary': [INVOICE_SUMMARY_TABLE], 'invoice-search': [INVOICE_SEARCH_TABLE], users: [USERS_TABLE], 'daily-report': [REPORT_ENTRY_TABLE, DAILY_TALLY_TABLE],
} as const;
const NAMES = Object.keys(TABLES) as (keyof typeof TABLES)[];

const userLife: UserFact[] = [
  { type: 'auth.user.registered', data: { email: 'a@example.org', name: 'A', role: 'viewer', tier: 'free', credential: 'c1' } },
  { type: 'auth.user.role-changed', data: { from: 'viewer', to: 'analyst' } },
  { type: 'auth.user.suspended', data: { reason: 'test' } },
];

describe('all projections together', () => {
  let harness: Harness;
  afterEach(() => harness.close());

  it('are rebuilt to the rows that the live worker made, tallies included', async () => {
    harness = await Harness.open(2);
    const worker = await harness.start();
    for (let seed = 0; seed < 25; seed += 1) await harness.append(invoiceStream(seed), lifeOf(seed));
    for (let seed = 0; seed < 5; seed += 1) await harness.append(userStream(seed), userLife);
    await caughtUp(worker, ...NAMES);
    for (const name of NAMES) {
      const tables = TABLES[name];
      const live = await Promise.all(tables.map((table) => harness.rows(name, 1, table as never)));
      await worker.rebuild(name);
      expect(await Promise.all(tables.map((table) => harness.rows(name, 2, table as never)))).to.deep.equal(live, name);
      expect(live.every((rows) => rows.length > 0), name).to.equal(true);
    }
    expect(harness.switches.at(-1)?.generations).to.include({ 'invoice-summary': 2, 'invoice-search': 2, users: 2, 'daily-report': 2 });
  });

  it('find an invoice by number, UUID without dashes, name without accent and stem of a description', async () => {
    harness = await Harness.open();
    const worker = await harness.start();
    await harness.append(invoiceStream(3), lifeOf(3));
    await caughtUp(worker, 'invoice-search');
    const found = async (where: string): Promise<number> => (await harness.sql(`SELECT id FROM invoice_search_g1.invoice WHERE ${where}`)).length;
    const tsquery = (text: string): Promise<number> => found(`document @@ ${text}`);
    expect(await tsquery(`'a103'::tsquery`)).to.equal(1);
    expect(await tsquery(`'${invoiceId(3).replaceAll('-', '').slice(0, 9)}':*::tsquery`.replace(`':*`, `:*'`))).to.equal(1);
    expect(await tsquery(`'compania & papel:*'::tsquery`)).to.equal(1);
    expect(await tsquery(`'tornill'::tsquery`)).to.equal(1);
    expect(await tsquery(`'zzz'::tsquery`)).to.equal(0);
  });

  it('find invoices by texts of any script, as long as they come', async () => {
    harness = await Harness.open();
    const worker = await harness.start();
    const scripts = ['abcdefghijklmnopqrstuvwxyz', 'áñüß', 'абвгд', 'αβγδ', 'ابتث', '漢字仮名交', 'ㅤㄱㄴ', '𝒜𐍈', 'ﷺ', `'"\\:*&|!() \u0085\u00a0`].map((letters) => Array.from(letters));
    const textOf = (script: readonly string[], seed: number): string => Array.from({ length: 1_000 }, (_, at) => ((at * 7 + seed) % 5 === 0 ? ' ' : (script[(at * at + seed * at + seed) % script.length] ?? ''))).join('').slice(0, 1_000).toWellFormed();
    for (const [seed, script] of scripts.entries()) {
      const descriptions = Array.from({ length: 60 }, (_, at) => textOf(script, at));
      const life = lifeOf(seed).map((fact) => (fact.type === 'fiscal.invoice.validated' ? { ...fact, data: { ...fact.data, facts: { ...fact.data.facts, descriptions } } } : fact));
      await harness.append(invoiceStream(seed), life);
    }
    await caughtUp(worker, 'invoice-search');
    expect(await harness.sql('SELECT 1 FROM quarantine')).to.deep.equal([]);
    // Signs are no words.
    expect(await harness.sql('SELECT id FROM invoice_search_g1.invoice WHERE length(document) > 20')).to.have.length(scripts.length - 1);
    await worker.rebuild('invoice-search');
  });

  it('keep the cache equal to the fold, and a reader cannot take it back', async () => {
    harness = await Harness.open();
    const worker = await harness.start({ cache: true });
    await caughtUp(worker, 'invoice-summary', 'hot-cache');
    await harness.append(invoiceStream(4), lifeOf(4));
    await caughtUp(worker, 'invoice-summary', 'hot-cache');
    const key = `g1:${invoiceId(4)}`;
    const [row] = await harness.rows('invoice-summary', 1, INVOICE_SUMMARY_TABLE);
    const entry = await harness.cache.get(key);
    expect(entry?.value).to.deep.equal(row);
    expect(await harness.cache.fill(key, { revision: toRevision(3), value: { ...row, status: 'pending' } as InvoiceSummary }, 1_000)).to.equal(false);
    expect(await harness.cache.get(key)).to.equal(entry);
  });
});

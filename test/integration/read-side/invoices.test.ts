import { expect } from 'chai';
import pg from 'pg';
import type { Page } from '#contracts/queries.js';
import { SORT_KEYS } from '../../../read-side/queries/list-invoices.js';
import { ReadBench, sampleId, type Sample } from './bench.js';

interface Item { readonly id: string; readonly status: string; readonly total: string | null; readonly issuanceDay: string | null; readonly receivedAt: string; readonly revision: string }

const A = { id: 'AAA010101AA1', name: 'Alfa' };
const B = { id: 'BBB010101BB2', name: '=HYPERLINK("http://x")' };
/** Received a minute after each other; equal totals and days stand beside each other on purpose. */
const INVOICES: readonly Sample[] = [
  { seed: 1, issuer: A, receiver: B, total: '100.00', day: '2026-03-02' },
  { seed: 2, issuer: A, receiver: A, total: '9.50', day: '2026-03-01' },
  { seed: 3, issuer: B, receiver: A, total: '100.0', day: '2026-03-02', until: 'rejected', codes: ['CFDI40108'] },
  { seed: 4, issuer: B, receiver: B, total: '-20.00', day: '2025-12-31', currency: 'EUR', format: 'ubl-2.1' },
  { seed: 5, issuer: A, receiver: B, total: '1000.00', day: '2026-03-03', until: 'cancelled' },
  { seed: 6, issuer: B, receiver: A, total: '0.01', until: 'created' },
  { seed: 7, issuer: A, receiver: B, total: '99.99', day: '2026-02-28', codes: ['FOLIO-X'] },
];

for (const shards of [1, 2]) {
  describe(`the list of invoices on ${shards} shard(s)`, () => {
    let bench: ReadBench;
    before(async () => {
      bench = await ReadBench.open({ shards });
      await bench.given(INVOICES);
    });
    after(() => bench.close());
    const seedOf = new Map<string, number>([...INVOICES, { seed: 20 }, { seed: 21 }, { seed: 22 }].map(({ seed }) => [sampleId(seed), seed]));
    const seeds = (items: readonly Item[]): (number | undefined)[] => items.map(({ id }) => seedOf.get(id));
    const list = (query: string): Promise<Page<Item>> => bench.json(`/api/v1/invoices?${query}`);

    for (const [filter, found] of [
      ['', [1, 2, 3, 4, 5, 6, 7]], ['status=rejected', [3]], ['status=archived', [1, 2, 4, 7]], [`issuer=${A.id}`, [1, 2, 5, 7]], [`receiver=${A.id}`, [2, 3, 6]], ['from=2026-03-02', [1, 3, 5]],
      ['to=2026-02-28', [4, 7]], ['from=2026-03-01&to=2026-03-02', [1, 2, 3]], ['minTotal=100', [1, 3, 5]], ['maxTotal=0', [4]], ['minTotal=-20&maxTotal=9.5', [2, 4, 6]], ['currency=EUR', [4]],
      ['format=ubl-2.1', [4]], ['documentType=I', [1, 2, 3, 4, 5, 7]], ['code=CFDI40108', [3]], ['code=NOPE', []], [`uuid=${sampleId(2)}`, [2]], [`uuid=${sampleId(2).toUpperCase()}`, [2]],
      [`issuer=${A.id}&status=archived&minTotal=50`, [1, 7]], [`issuer=${encodeURIComponent(`' OR 1=1 --`)}`, []],
    ] as const) {
      it(`holds by the filter "${filter}" exactly those`, async () => {
        expect(seeds((await list(filter)).items).sort((left = 0, right = 0) => left - right)).to.deep.equal(found);
      });
    }

    /** What the sort must be, worked out here from the items themselves. */
    const keys: Readonly<Record<string, (item: Item) => number | string>> = {
      received: (item) => item.receivedAt, issued: (item) => item.issuanceDay ?? '', total: (item) => (item.total === null ? Number.NEGATIVE_INFINITY : Number(item.total)),
    };
    for (const sort of ['received', '-received', 'issued', '-issued', 'total', '-total']) {
      it(`is sorted by ${sort}, and the same page by page`, async () => {
        const key = keys[sort.replace('-', '')] ?? String;
        const sign = sort.startsWith('-') ? -1 : 1;
        const { items, next } = await list(`sort=${sort}`);
        expect(next).to.equal(undefined);
        const sorted = [...items].sort((left, right) => {
          const [a, b] = [key(left), key(right)];
          return sign * (a === b ? (left.id < right.id ? -1 : 1) : a < b ? -1 : 1);
        });
        expect(seeds(items)).to.deep.equal(seeds(sorted));
        const walked: Item[] = [];
        let path: string | undefined = `/api/v1/invoices?sort=${sort}&limit=2`;
        while (path !== undefined) {
          const answer: Response = await bench.get(path);
          walked.push(...((await answer.json()) as Page<Item>).items);
          path = /^<([^>]+)>; rel="next"$/u.exec(answer.headers.get('link') ?? '')?.[1];
        }
        expect(seeds(walked)).to.deep.equal(seeds(items));
      });
    }

    it('goes on stably while rows arrive: nothing twice, nothing lost', async () => {
      const before = (await list('sort=-total')).items;
      const first = await list('sort=-total&limit=3');
      await bench.given([{ seed: 20, total: '5000.00' }, { seed: 21, total: '50.00' }, { seed: 22, total: '100.00' }]);
      const rest = await list(`sort=-total&limit=100&cursor=${first.next ?? ''}`);
      const walked = seeds([...first.items, ...rest.items]);
      expect(walked.filter((seed) => seed !== undefined && seed < 20)).to.deep.equal(seeds(before));
      expect(new Set(walked).size).to.equal(walked.length);
    });

    it('refuses the cursor of another query', async () => {
      const { next = '' } = await list('sort=-total&limit=1');
      expect(await bench.refusal(`/api/v1/invoices?sort=total&limit=1&cursor=${next}`)).to.deep.equal([400, 'cursor-invalid']);
      expect(await bench.refusal(`/api/v1/invoices?sort=-total&status=archived&cursor=${next}`)).to.deep.equal([400, 'cursor-invalid']);
      expect(seeds((await list(`sort=-total&limit=2&cursor=${next}`)).items)).to.have.length(2);
    });

    it('refuses what it does not understand', async () => {
      for (const query of ['stauts=archived', 'status=done', 'from=2026-02-30', 'minTotal=1e5', 'limit=501', 'limit=x', 'sort=name', 'status=archived&status=rejected', 'issuer=%00']) {
        expect(await bench.refusal(`/api/v1/invoices?${query}`), query).to.deep.equal([400, 'query-invalid']);
      }
    });

    it('is CSV where CSV is asked for, with the same filter, and formulas made text', async () => {
      const answer = await bench.get(`/api/v1/invoices?sort=total&issuer=${B.id}`, { accept: 'text/csv' });
      const [header = '', ...lines] = (await answer.text()).trimEnd().split('\r\n');
      expect([answer.status, answer.headers.get('content-type'), answer.headers.get('vary')]).to.deep.equal([200, 'text/csv; charset=utf-8', 'Accept']);
      expect(header.split(',').slice(0, 4)).to.deep.equal(['id', 'status', 'format', 'documentType']);
      expect(lines.map((line) => seedOf.get(line.slice(0, 36)))).to.deep.equal([4, 6, 3]);
      expect(lines[0]).to.contain(`"'=HYPERLINK(""http://x"")"`).and.to.contain(',-20.00,');
    });
  });
}

describe('the tables of the lists', () => {
  it('have no two indexes that Postgres would name alike, since a rebuild makes them side by side', async () => {
    const bench = await ReadBench.open();
    try {
      await bench.given([{ seed: 1 }]);
      const names = (await bench.harness.sql<{ indexname: string }>(`SELECT indexname FROM pg_indexes WHERE schemaname LIKE '%\\_g1'`)).map(({ indexname }) => indexname);
      expect(names).to.have.length.greaterThan(20);
      // The second of two equal names gets a number.
      expect(names.filter((name) => /_idx\d+$/u.test(name))).to.deep.equal([]);
    } finally {
      await bench.close();
    }
  });

  it('give every sort in the order of an index: nothing is sorted for a page', async () => {
    const bench = await ReadBench.open();
    const client = new pg.Client(bench.harness.shardSettings[0]);
    try {
      await bench.given([{ seed: 1 }, { seed: 2, day: '2026-01-01' }]);
      await client.connect();
      // So few rows would be read as they lie; the question is whether the index serves the order.
      await client.query('SET enable_seqscan = off; SET enable_sort = off');
      for (const key of Object.values(SORT_KEYS)) {
        for (const direction of ['ASC', 'DESC']) {
          const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN SELECT id FROM invoice_summary_g1.invoice ORDER BY ${key} ${direction}, id ${direction} LIMIT 10`);
          const plan = rows.map((line) => line['QUERY PLAN']).join('\n');
          expect(plan, `${key} ${direction}`).to.contain('Index').and.to.not.match(/(?:^|-> +)(?:Incremental )?Sort\b/mu);
        }
      }
    } finally {
      await client.end();
      await bench.close();
    }
  });
});

describe('a CSV over many pages', () => {
  it('has every row once, in order', async () => {
    const bench = await ReadBench.open();
    try {
      const samples = Array.from({ length: 620 }, (_, index): Sample => ({ seed: 1_000 + index, total: `${index}.00`, until: 'created' }));
      await bench.given(samples);
      const lines = (await (await bench.get('/api/v1/invoices?sort=total', { accept: 'text/csv' })).text()).trimEnd().split('\r\n').slice(1);
      expect(lines.map((line) => line.slice(0, 36))).to.deep.equal(samples.map(({ seed }) => sampleId(seed)));
    } finally {
      await bench.close();
    }
  });
});

import { expect } from 'chai';
import { sampleId, type ReadBench } from './bench.js';

const DAY = '2026-03-05';

interface Page { readonly items: readonly { readonly id: string }[]; readonly next?: string }

/** Readers that never stop: each answer must have every invoice once, whatever happens to the read models meanwhile. */
export class Readers {
  readonly seen = { lists: 0, pages: 0, searches: 0, reports: 0, singles: 0 };
  readonly #wanted: readonly string[];
  readonly #running: readonly Promise<void>[];
  #reading = true;

  /** So many invoices, which all readers must see. */
  static async over(bench: ReadBench, invoices: number): Promise<Readers> {
    await bench.given(Array.from({ length: invoices }, (_, seed) => ({ seed, series: 'SW', day: DAY })));
    return new Readers(bench, invoices);
  }

  private constructor(private readonly bench: ReadBench, private readonly invoices: number) {
    this.#wanted = Array.from({ length: invoices }, (_, seed) => sampleId(seed) as string).sort();
    this.#running = [this.#lists(), this.#others(), this.#others()];
    // Told by `stop`; until then a failure must not count as unhandled.
    for (const reader of this.#running) reader.catch(() => undefined);
  }

  /** @throws what a reader saw that it should not */
  async stop(): Promise<void> {
    this.#reading = false;
    await Promise.all(this.#running);
    for (const [what, count] of Object.entries(this.seen)) expect(count, what).to.be.greaterThan(10);
  }

  async #lists(): Promise<void> {
    const path = '/api/v1/invoices?sort=received&limit=11';
    while (this.#reading) {
      const found: string[] = [];
      for (let next: string | undefined = ''; next !== undefined;) {
        const page: Page = await this.#ok(next === '' ? path : `${path}&cursor=${next}`);
        found.push(...page.items.map(({ id }) => id));
        next = page.next;
        this.seen.pages += 1;
      }
      expect(found.sort()).to.deep.equal(this.#wanted);
      this.seen.lists += 1;
    }
  }

  async #others(): Promise<void> {
    for (let seed = 0; this.#reading; seed = (seed + 1) % this.invoices) {
      expect((await this.#ok<{ total: number }>('/api/v1/search?q=SW')).total).to.equal(this.invoices);
      this.seen.searches += 1;
      const { tallies } = await this.#ok<{ tallies: { tax: string; count: number }[] }>(`/api/v1/reports/daily?day=${DAY}`);
      expect(tallies.filter(({ tax }) => tax === '').reduce((sum, { count }) => sum + count, 0)).to.equal(this.invoices);
      this.seen.reports += 1;
      expect((await this.#ok<{ id: string }>(`/api/v1/invoices/${sampleId(seed)}`)).id).to.equal(sampleId(seed));
      this.seen.singles += 1;
    }
  }

  async #ok<Body>(path: string): Promise<Body> {
    const response = await this.bench.get(path);
    if (response.status !== 200) throw new Error(`${path.slice(0, 60)} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Body;
  }
}

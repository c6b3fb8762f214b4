/** Observations of one combination of labels. */
interface Series {
  readonly labels: { readonly route: string; readonly method: string; readonly status: number };
  /** Observations per bucket, not cumulative; the last one is beyond every bound. */
  readonly counts: number[];
  sum: number;
}

/**
 * The duration of HTTP exchanges as a Prometheus histogram. prom-client's own checks and hashes the labels on every observation, a tenth of a
 * cached read; here the labels of an exchange are looked up once each and the rest is counting. Registered like any other metric.
 */
export class HttpHistogram {
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly #series = new Map<string, Map<string, Map<number, Series>>>();
  readonly #bounds: readonly number[];

  constructor(readonly name: string, readonly help: string, bounds: readonly number[]) {
    this.#bounds = bounds;
  }

  observe(route: string, method: string, status: number, seconds: number): void {
    const series = this.#seriesOf(route, method, status);
    let bucket = 0;
    while (bucket < this.#bounds.length && seconds > (this.#bounds[bucket] ?? 0)) bucket += 1;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += seconds;
  }

  #seriesOf(route: string, method: string, status: number): Series {
    const known = this.#series.get(route)?.get(method)?.get(status);
    if (known) return known;
    const made: Series = { labels: { route, method, status }, counts: Array.from({ length: this.#bounds.length + 1 }, () => 0), sum: 0 };
    const methods = this.#series.get(route) ?? new Map<string, Map<number, Series>>();
    const statuses = methods.get(method) ?? new Map<number, Series>();
    this.#series.set(route, methods.set(method, statuses.set(status, made)));
    return made;
  }

  /** In prom-client's form of a metric. */
  async get(): Promise<{ name: string; help: string; type: string; aggregator: string; values: { metricName: string; value: number; labels: Record<string, string | number> }[] }> {
    const all = [...this.#series.values()].flatMap((methods) => [...methods.values()]).flatMap((statuses) => [...statuses.values()]);
    return { name: this.name, help: this.help, type: this.type, aggregator: this.aggregator, values: all.flatMap((series) => this.#valuesOf(series)) };
  }

  #valuesOf({ labels, counts, sum }: Series): { metricName: string; value: number; labels: Record<string, string | number> }[] {
    let total = 0;
    const buckets = counts.map((count, index) => {
      total += count;
      return { metricName: `${this.name}_bucket`, value: total, labels: { le: this.#bounds[index] ?? '+Inf', ...labels } };
    });
    return [...buckets, { metricName: `${this.name}_sum`, value: sum, labels }, { metricName: `${this.name}_count`, value: total, labels }];
  }

  reset(): void {
    this.#series.clear();
  }
}

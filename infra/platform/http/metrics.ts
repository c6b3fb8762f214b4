import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, type Metric } from 'prom-client';
import { HttpHistogram } from './http-histogram.js';

/** The metrics of one process. Names get the prefix `folio_`; labels have few values, never ids. */
export interface Metrics {
  readonly registry: Registry;
  /** One finished HTTP exchange; `route` is the pattern, not the address. */
  observeHttp(route: string, method: string, status: number, seconds: number): void;
  counter<Label extends string = never>(name: string, help: string, labels?: readonly Label[]): Counter<Label>;
  gauge<Label extends string = never>(name: string, help: string, labels?: readonly Label[], collect?: (gauge: Gauge<Label>) => void | Promise<void>): Gauge<Label>;
  histogram<Label extends string = never>(name: string, help: string, buckets: readonly number[], labels?: readonly Label[]): Histogram<Label>;
  /** Text exposition format, with its media type in `registry.contentType`. */
  expose(): Promise<string>;
}

const PREFIX = 'folio_';
const HTTP_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(options: { readonly processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.processMetrics ?? true) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const http = new HttpHistogram(`${PREFIX}http_request_duration_seconds`, 'Duration of HTTP requests until the answer was sent.', HTTP_BUCKETS);
  registry.registerMetric(http as unknown as Metric);
  return {
    registry,
    observeHttp: (route, method, status, seconds) => http.observe(route, method, status, seconds),
    counter: (name, help, labels = []) => new Counter({ name: PREFIX + name, help, labelNames: [...labels], registers }),
    gauge: (name, help, labels = [], collect) => makeGauge(name, help, labels, registers, collect),
    histogram: (name, help, buckets, labels = []) => new Histogram({ name: PREFIX + name, help, buckets: [...buckets], labelNames: [...labels], registers }),
    expose: () => registry.metrics(),
  };
}

function makeGauge<Label extends string>(
  name: string, help: string, labels: readonly Label[], registers: Registry[], collect?: (gauge: Gauge<Label>) => void | Promise<void>,
): Gauge<Label> {
  const gauge: Gauge<Label> = new Gauge<Label>({
    name: PREFIX + name, help, labelNames: [...labels], registers, ...(collect && { collect: (): void | Promise<void> => collect(gauge) }),
  });
  return gauge;
}

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

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
  const http = new Histogram({
    name: `${PREFIX}http_request_duration_seconds`, help: 'Duration of HTTP requests until the answer was sent.',
    labelNames: ['route', 'method', 'status'], buckets: HTTP_BUCKETS, registers,
  });
  // Looking the labels up costs more than counting: one child per combination, of which there are few.
  const observers = new Map<string, { observe(seconds: number): void }>();
  const observerOf = (route: string, method: string, status: number): { observe(seconds: number): void } => {
    const key = `${route} ${method} ${status}`;
    const known = observers.get(key) ?? http.labels({ route, method, status });
    observers.set(key, known);
    return known;
  };
  return {
    registry,
    observeHttp: (route, method, status, seconds) => observerOf(route, method, status).observe(seconds),
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

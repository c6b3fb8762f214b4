/** One figure with its limit. */
export interface Metric {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: number;
  readonly better: 'higher' | 'lower';
  readonly baseline: number | null;
  readonly pass: boolean;
}

export interface BenchOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly full: boolean;
  /** Damages the result before the oracle looks. */
  readonly breakOracle: boolean;
  /** Makes our side slow enough to miss its limits. */
  readonly slowOurs: boolean;
  /** A tenth of the work: with one of the two switches there is nothing to measure. */
  readonly tenth: boolean;
}

export interface Round {
  readonly ours: number;
  readonly baseline: number;
}

export interface Measured {
  readonly oracle: boolean;
  /** Headline per round. */
  readonly rounds: readonly Round[];
  readonly ratio: number;
  readonly metrics: readonly Metric[];
  readonly engines: Readonly<Record<string, string>>;
}

export interface Benchmark {
  readonly name: string;
  readonly about: string;
  readonly floor: number;
  run(options: BenchOptions): Promise<Measured>;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
};

export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
};

export function metric(name: string, value: number, unit: string, limit: number, better: Metric['better'], baseline: number | null = null): Metric {
  return { name, value, unit, limit, better, baseline, pass: better === 'higher' ? value >= limit : value <= limit };
}

/** Rounds of baseline and ours in turn; the first pair warms up and does not count. */
export async function alternate(rounds: number, baseline: () => Promise<number>, ours: () => Promise<number>): Promise<Round[]> {
  const measured: Round[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const pair = { baseline: await baseline(), ours: await ours() };
    if (round > 0) measured.push(pair);
  }
  return measured;
}

import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { EngineUnavailable } from '../../cli/engines/engine.js';
import { ROOT } from '../support/root.js';
import { append } from './append.js';
import type { Benchmark, BenchOptions, Measured } from './contract.js';
import { importFull, importing } from './import.js';
import { kafkaFeed } from './kafka-feed.js';
import { query } from './query.js';
import { noon } from './noon.js';
import { live } from './live.js';
import { rebuildAll } from './rebuild-all.js';
import { rebuildScale } from './rebuild-scale.js';
import { rebuild } from './rebuild.js';
import { memory } from './memory.js';
import { redisRead } from './redis-read.js';
import { relay } from './relay.js';
import { searchIndex } from './search-index.js';
import { token } from './token.js';
import { visibleKafka } from './visible-kafka.js';
import { switching } from './switch.js';
import { lines, validateCfdi, validateEn16931 } from './validate.js';
import { visible } from './visible.js';

const BENCHMARKS: readonly Benchmark[] = [append, rebuild, query, visible, token, importing, importFull, relay, kafkaFeed, visibleKafka, redisRead, searchIndex, memory, rebuildAll, rebuildScale, live, switching, noon, validateCfdi, validateEn16931, lines];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false }, list: { type: 'boolean', default: false }, full: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' }, 'break-oracle': { type: 'boolean', default: false }, 'slow-ours': { type: 'boolean', default: false },
  },
});

process.exit(await main());

async function main(): Promise<number> {
  const chosen = BENCHMARKS.find((benchmark) => benchmark.name === positionals[0]);
  if (values.list || !chosen) {
    for (const { name, floor, about } of BENCHMARKS) process.stdout.write(`${name.padEnd(13)} floor ${String(floor).padEnd(5)} ${about}\n`);
    return values.list ? 0 : 3;
  }
  const options: BenchOptions = { rounds: Math.max(1, Number(values.rounds)), seed: Number(values.seed), full: values.full, breakOracle: values['break-oracle'], slowOurs: values['slow-ours'], tenth: values['break-oracle'] || values['slow-ours'] };
  try {
    return report(chosen, options, await chosen.run(options));
  } catch (error) {
    // Not to be had here is one thing; there and not working is a failure.
    if (!(error instanceof EngineUnavailable)) throw error;
    return skip(chosen, options, error.message);
  }
}

function skip({ name, floor }: Benchmark, { seed }: BenchOptions, skipped: string): number {
  if (!values.json) process.stdout.write(`${name}: skipped: ${skipped}\n`);
  else process.stdout.write(`${JSON.stringify({ name, ok: false, oracle: 'ok', ratio: null, floor, metrics: [], rounds: [], spread: null, seed, env: environment({}), skipped })}\n`);
  return 3;
}

function environment(engines: Measured['engines']): object {
  return { commit: commit(), node: process.versions.node, engines, cpus: cpus().length, fsync: true };
}

function report({ name, floor }: Benchmark, { seed }: BenchOptions, { oracle, rounds, ratio, metrics, engines }: Measured): number {
  const ratios = rounds.map(({ ours, baseline }) => ours / baseline);
  const ok = oracle && ratio >= floor && metrics.every(({ pass }) => pass);
  if (!values.json) print(name, oracle, ratio, floor, metrics);
  else {
    process.stdout.write(`${JSON.stringify({
      name, ok, oracle: oracle ? 'ok' : 'failed', ratio: oracle ? ratio : null, floor, metrics: oracle ? metrics : [], rounds: oracle ? rounds : [],
      spread: oracle && ratios.length > 0 ? Math.max(...ratios) - Math.min(...ratios) : null, seed,
      env: environment(engines),
    })}\n`);
  }
  if (!oracle) return 2;
  return ok ? 0 : 1;
}

function print(name: string, oracle: boolean, ratio: number, floor: number, metrics: Measured['metrics']): void {
  process.stdout.write(oracle ? `${name}: ratio ${ratio.toFixed(2)} (floor ${floor})\n` : `${name}: the oracle failed, there is no figure\n`);
  if (!oracle) return;
  for (const { name: label, value, unit, limit, better, baseline, pass } of metrics) {
    process.stdout.write(`  ${pass ? 'ok ' : 'LOW'} ${label.padEnd(28)} ${value.toFixed(2).padStart(12)} ${unit} (limit ${better === 'higher' ? '≥' : '≤'} ${limit}${baseline === null ? '' : `, baseline ${baseline.toFixed(0)}`})\n`);
  }
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

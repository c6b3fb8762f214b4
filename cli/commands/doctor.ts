import { statfs } from 'node:fs/promises';
import type { HealthReport } from '#platform/health.js';
import { printSettings } from '#platform/config.js';
import { shardAdvice } from '#platform/read-store/identity.js';
import type { Client } from '../client.js';
import { SETTINGS, type FolioSettings } from '../config.js';
import { projectionStatus } from './look.js';
import { layoutOf } from './reshard.js';

const LOW_DISK_BYTES = 1_000_000_000;
const BEHIND_SECONDS = 60;

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Looks at everything an operator would ask about. @returns 0 when all is well, 1 otherwise */
export async function doctor(client: Client, settings: FolioSettings, folder: string, json: boolean, print: (line: string) => void): Promise<number> {
  const checks = [...(await healthChecks(client)), ...(await lagChecks(client)), await layoutCheck(client, settings), await diskCheck(folder), { name: 'node', ok: process.versions.node.startsWith('24.'), detail: process.versions.node }];
  if (json) print(JSON.stringify(checks));
  else {
    for (const { name, ok, detail } of checks) print(`${ok ? 'ok  ' : 'BAD '} ${name.padEnd(28)} ${detail}`);
    print(`\nsettings in force:\n${printSettings(SETTINGS, settings)}`);
  }
  return checks.every(({ ok }) => ok) ? 0 : 1;
}

async function healthChecks(client: Client): Promise<Check[]> {
  const response = await fetch(new URL('/health/ready', client.url));
  const report = (await response.json()) as HealthReport;
  return Object.entries(report.checks).map(([name, { ok, ms, reason }]) => ({ name, ok, detail: ok ? `${ms} ms` : (reason ?? 'down') }));
}

async function lagChecks(client: Client): Promise<Check[]> {
  return (await projectionStatus(client)).map(({ name, eventsBehind, secondsBehind }) => ({
    name: `projection ${name}`, ok: secondsBehind < BEHIND_SECONDS, detail: `${eventsBehind ?? '?'} events, ${secondsBehind.toFixed(1)} s behind`,
  }));
}

async function layoutCheck(client: Client, { shards, newShards }: FolioSettings): Promise<Check> {
  const { known, slots } = await layoutOf(client);
  const advice = shards.length === 0 ? undefined : shardAdvice({ named: shards.length, further: newShards.length }, slots.length);
  return { name: 'shards', ok: known >= slots.length, detail: `${slots.length} in use${known > slots.length ? `, ${known} known` : ''}${advice === undefined ? '' : `; ${advice}`}` };
}

async function diskCheck(folder: string): Promise<Check> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  return { name: 'disk', ok: free > LOW_DISK_BYTES, detail: `${(free / 1e9).toFixed(1)} GB free` };
}

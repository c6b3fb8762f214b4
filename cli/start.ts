import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { randomUuid, toCommandId, toCorrelationId } from '#contracts/kernel/ids.js';
import type { FolioSettings } from './config.js';
import { DataFolder } from './data-folder.js';
import type { Distributed } from './distributed/distributed.js';
import { demoDocuments } from './demo/index.js';
import { startInstance, type Instance } from './instance/instance.js';
import type { RoleSet } from './instance/roles.js';

export interface StartOptions {
  readonly data: string;
  readonly demo: boolean;
  /** Default: all. */
  readonly roles?: RoleSet;
  /** Of the role `worker` (default: all). */
  readonly projections?: readonly string[];
}

/** `folio start`: the roles in this process until Ctrl-C or SIGTERM. @returns the exit code */
export async function start(settings: FolioSettings, { data: folder, demo, roles, projections }: StartOptions): Promise<number> {
  const began = performance.now();
  const stopping = signalled();
  const data = await DataFolder.take(folder);
  const seeded = data.file('demo.json');
  const instance = await startInstance(settings, data, { ...(roles && { roles }), ...(projections && { projections }) });
  const ms = performance.now() - began;
  process.stdout.write(roles ? roleLine(instance, roles, ms) : card(instance, data, ms));
  const seeding = demo && !roles && !existsSync(seeded) && instance.api?.admin !== undefined ? seedDemo(instance, seeded) : Promise.resolve();
  await stopping.promise;
  process.stdout.write('\nStopping: requests under way finish, appends are flushed …\n');
  await seeding;
  await instance.stop();
  stopping.dispose();
  process.stdout.write('Stopped.\n');
  return 0;
}

/** `folio start distributed`: every role a process of its own, on engines of this machine. @returns the exit code */
export async function startOnEngines(settings: FolioSettings, { data: folder }: Pick<StartOptions, 'data'>): Promise<number> {
  const began = performance.now();
  const stopping = signalled();
  const { startDistributed } = await import('./distributed/distributed.js');
  const data = await DataFolder.take(folder);
  try {
    // The first admin is made by another process; its password is made here, to be shown on the card.
    const password = settings.adminPassword ?? (existsSync(data.file('keys')) ? undefined : `${randomBytes(15).toString('base64url')}-1aA`);
    const env = { ...(password !== undefined && { FOLIO_ADMIN_PASSWORD: password }) };
    const system = await startDistributed(settings, data, { env, onProgress: (line) => process.stdout.write(`  ${line}\n`) });
    const login = password === undefined ? 'as before' : settings.adminPassword === undefined ? `${password}   (shown this once)` : 'from FOLIO_ADMIN_PASSWORD';
    process.stdout.write(distributedCard(system, settings, data, login, performance.now() - began));
    await stopping.promise;
    process.stdout.write('\nStopping: roles drain, then engines and Postgres end …\n');
    await system.stop();
  } finally {
    await data.release();
    stopping.dispose();
  }
  process.stdout.write('Stopped.\n');
  return 0;
}

/** A role says where it is; the one that made the first admin says how to sign in. */
function roleLine({ url, api }: Instance, roles: RoleSet, ms: number): string {
  const login = api?.admin?.generated === true ? `first admin ${api.admin.email}, password ${api.admin.password} (shown this once)\n` : '';
  return `folio ${[...roles].join(' ')} is ready after ${(ms / 1_000).toFixed(1)} s at ${url}\n${login}`;
}

/** The first signal asks for the end; a second one does not shorten it, because the drain is bounded by itself. */
function signalled(): { readonly promise: Promise<void>; dispose(): void } {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => { resolve = done; });
  const listener = (): void => resolve();
  for (const signal of signals) process.on(signal, listener);
  return { promise, dispose: () => { for (const signal of signals) process.off(signal, listener); } };
}

function card({ url, api }: Instance, data: DataFolder, ms: number): string {
  const admin = api?.admin;
  const login = admin
    ? [`  sign in     ${admin.email}`, `  password    ${admin.generated ? `${admin.password}   (shown this once)` : 'from FOLIO_ADMIN_PASSWORD'}`]
    : ['  sign in     as before (folio token --help for a new password)'];
  return [
    '', `  Folio is ready after ${(ms / 1_000).toFixed(1)} s`, '',
    `  page        ${url}/`, `  API         ${url}/api/v1   described at ${url}/openapi.json`, `  health      ${url}/health/ready   metrics ${url}/metrics`,
    ...login, `  data        ${data.path}`, '',
    '  try next    npx folio import <files or folders>', '              npx folio search "words, RFC or UUID"', '              npx folio rebuild all', '',
    '  Ctrl-C stops it.', '',
  ].join('\n');
}

function distributedCard({ gateway, children, engines, missing, databases }: Distributed, { eventStore, adminEmail }: FolioSettings, data: DataFolder, login: string, ms: number): string {
  const lines = (title: string, values: readonly string[]): string[] => values.map((value, index) => `  ${(index === 0 ? title : '').padEnd(12)}${value}`);
  return [
    '', `  Folio is ready after ${(ms / 1_000).toFixed(1)} s, distributed`, '',
    `  page        ${gateway.url}/`, `  API         ${gateway.url}/api/v1   described at ${gateway.url}/openapi.json`,
    `  sign in     ${adminEmail}`, `  password    ${login}`,
    `  event store ${eventStore === undefined ? 'Postgres (set FOLIO_EVENT_STORE=esdb://… for EventStoreDB)' : new URL(eventStore).protocol.replace(':', '')}`,
    ...lines('engines', [`postgres, ${databases.shards.length} shards`, ...engines.map(({ name, version, address }) => `${name} ${version}, ${address.replace(/\/\/[^@/]*@/u, '//')}`)]),
    ...lines('not here', missing), ...lines('roles', [...children.values()].map(({ name, pid, log }) => `${name.padEnd(12)} process ${pid ?? '?'}, log ${log}`)),
    `  data        ${data.path}`, '', '  Ctrl-C stops all of it.', '',
  ].join('\n');
}

/** Once, into an empty instance: generated documents through the ordinary command, some broken on purpose. */
async function seedDemo({ api, logger }: Instance, marker: string): Promise<void> {
  const documents = await demoDocuments(1);
  for (const { name, bytes } of documents) {
    const context = { commandId: toCommandId(randomUuid()), correlationId: toCorrelationId('demo'), actor: { kind: 'system', id: 'demo' } as const, occurredAt: new Date().toISOString() };
    await api?.submit({ bytes, mediaType: 'application/xml', name, channel: 'demo' }, context).catch((error: unknown) => logger.info({ err: error, name }, 'a demo document was not taken'));
  }
  await writeFile(marker, JSON.stringify({ documents: documents.length }));
}

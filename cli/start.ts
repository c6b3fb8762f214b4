import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { randomUuid, toCommandId, toCorrelationId } from '#contracts/kernel/ids.js';
import type { FolioSettings } from './config.js';
import { DataFolder } from './data-folder.js';
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
  process.stdout.write(roles ? `folio ${[...roles].join(' ')} is ready after ${(ms / 1_000).toFixed(1)} s at ${instance.url}\n` : card(instance, data, ms));
  const seeding = demo && !roles && !existsSync(seeded) && instance.api?.admin !== undefined ? seedDemo(instance, seeded) : Promise.resolve();
  await stopping.promise;
  process.stdout.write('\nStopping: requests under way finish, appends are flushed …\n');
  await seeding;
  await instance.stop();
  stopping.dispose();
  process.stdout.write('Stopped.\n');
  return 0;
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

/** Once, into an empty instance: generated documents through the ordinary command, some broken on purpose. */
async function seedDemo({ api, logger }: Instance, marker: string): Promise<void> {
  const documents = await demoDocuments(1);
  for (const { name, bytes } of documents) {
    const context = { commandId: toCommandId(randomUuid()), correlationId: toCorrelationId('demo'), actor: { kind: 'system', id: 'demo' } as const, occurredAt: new Date().toISOString() };
    await api?.submit({ bytes, mediaType: 'application/xml', name, channel: 'demo' }, context).catch((error: unknown) => logger.info({ err: error, name }, 'a demo document was not taken'));
  }
  await writeFile(marker, JSON.stringify({ documents: documents.length }));
}

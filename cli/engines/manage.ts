import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts, listenOn } from '../free-ports.js';
import { isAlive, startTimeOf, type ProcessIdentity } from '../process-identity.js';
import { CLICKHOUSE } from './clickhouse.js';
import type { Engine, EngineName, EngineSite } from './engine.js';
import { KAFKA } from './kafka.js';
import { OPENSEARCH } from './opensearch.js';
import { engineCache } from './provide.js';
import { REDIS } from './redis.js';
import { S3 } from './s3.js';

export const ENGINES: Readonly<Record<EngineName, Engine>> = { kafka: KAFKA, opensearch: OPENSEARCH, redis: REDIS, s3: S3, clickhouse: CLICKHOUSE };

/** A started engine; kept in `<root>/<name>/engine.json`, so that another process can stop it. */
export interface RunningEngine extends ProcessIdentity {
  readonly name: EngineName;
  readonly version: string;
  readonly address: string;
  readonly port: number;
  readonly innerPort: number;
  /** What the engine printed. */
  readonly log: string;
}

const LOOK_MS = 50;
const STOP_LIMIT_MS = 20_000;

const folderOf = (root: string, name: EngineName): string => join(root, name);
const noteOf = (root: string, name: EngineName): string => join(folderOf(root, name), 'engine.json');

async function noted(root: string, name: EngineName): Promise<RunningEngine | undefined> {
  try {
    return JSON.parse(await readFile(noteOf(root, name), 'utf8')) as RunningEngine;
  } catch {
    return undefined;
  }
}

/** The engine that was started below `root` and still runs. */
export async function runningEngine(root: string, name: EngineName): Promise<RunningEngine | undefined> {
  const engine = await noted(root, name);
  return engine && isAlive(engine) ? engine : undefined;
}

/**
 * Starts an engine with its data below `root`, on the ports it had before or on free ones, and waits until it answers.
 * An engine that runs already is left as it is. @throws EngineUnavailable | Error when it does not come up
 */
export async function startEngine(root: string, name: EngineName): Promise<RunningEngine> {
  const running = await runningEngine(root, name);
  if (running) return running;
  const engine = ENGINES[name];
  const cache = engineCache();
  await engine.provide(cache);
  const site = await siteOf(root, name);
  await mkdir(site.folder, { recursive: true });
  const log = join(site.folder, 'engine.log');
  const { file, args, env } = await engine.command(cache, site);
  const output = await open(log, 'a', 0o600);
  // A session of its own: Ctrl-C in the terminal must reach Folio, which stops its engines itself.
  const child = spawn(file, args, { detached: true, cwd: site.folder, stdio: ['ignore', output.fd, output.fd], env: { ...process.env, ...env } });
  await output.close();
  const ended = new Promise<string>((resolve) => child.on('error', ({ message }) => resolve(message)).on('exit', (code) => resolve(`it ended with code ${code ?? 'none'}`)));
  child.unref();
  const pid = child.pid ?? 0;
  const started: RunningEngine = { name, version: engine.version, address: engine.address(site), port: site.port, innerPort: site.innerPort, log, pid, started: startTimeOf(pid) };
  const note = noteOf(root, name);
  await writeFile(`${note}.new`, JSON.stringify(started), { mode: 0o600 });
  await rename(`${note}.new`, note);
  await untilItAnswers(engine, site, ended, log);
  return started;
}

async function siteOf(root: string, name: EngineName): Promise<EngineSite> {
  const before = await noted(root, name);
  const [port = 0, innerPort = 0] = before && (await isFree(before.port)) && (await isFree(before.innerPort)) ? [before.port, before.innerPort] : await freePorts(2);
  return { folder: folderOf(root, name), port, innerPort };
}

async function untilItAnswers(engine: Engine, site: EngineSite, ended: Promise<string>, log: string): Promise<void> {
  const deadline = Date.now() + engine.startMs;
  for (;;) {
    const refused = await engine.answers(site).then(() => undefined, (error: unknown) => error);
    if (refused === undefined) return;
    const end = await Promise.race([ended, new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), LOOK_MS))]);
    if (end !== undefined) throw new Error(`${engine.name} did not start (${end}); see ${log}`);
    if (Date.now() > deadline) throw new Error(`${engine.name} did not answer within ${engine.startMs / 1_000} s (${(refused as Error).message}); see ${log}`);
  }
}

/** Stops what was started below `root`, by its own id: kindly first, then not. @returns whether it ran */
export async function stopEngine(root: string, name: EngineName, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<boolean> {
  const engine = await runningEngine(root, name);
  if (!engine) return false;
  process.kill(engine.pid, signal);
  const deadline = Date.now() + STOP_LIMIT_MS;
  while (isAlive(engine)) {
    if (Date.now() > deadline) process.kill(engine.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return true;
}

/** Stops all of them and, when asked, removes their data. */
export async function stopEngines(root: string, names: readonly EngineName[], { remove = false } = {}): Promise<readonly EngineName[]> {
  const stopped = await Promise.all(names.map(async (name) => ((await stopEngine(root, name)) ? [name] : [])));
  if (remove) for (const name of names) await rm(folderOf(root, name), { recursive: true, force: true });
  return stopped.flat();
}

async function isFree(port: number): Promise<boolean> {
  const probe = await listenOn(port).catch(() => undefined);
  if (probe) await new Promise<void>((resolve) => probe.close(() => resolve()));
  return probe !== undefined;
}

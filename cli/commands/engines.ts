import { ENGINE_NAMES, type EngineName } from '../engines/engine.js';
import { engineCache } from '../engines/provide.js';
import { ENGINES, runningEngine, startEngine, stopEngines } from '../engines/manage.js';

type Print = (line: string) => void;

/** What most people want of a laptop; S3 takes minutes to build once and ClickHouse is not read by any role yet. */
const USUAL: readonly EngineName[] = ['kafka', 'opensearch', 'redis'];

/** Starts each, one line per engine. @returns 1 when one of them could not be started */
export async function startEngines(root: string, names: readonly EngineName[], print: Print): Promise<number> {
  let failed = 0;
  for (const name of names.length > 0 ? names : USUAL) {
    try {
      const { version, address, pid } = await startEngine(root, name);
      print(`${name.padEnd(11)} ${version.padEnd(15)} ${address}   (process ${pid})`);
    } catch (error) {
      failed = 1;
      print(`${name.padEnd(11)} not started: ${(error as Error).message}`);
    }
  }
  return failed;
}

/** Brings the programs into the cache and starts nothing. @returns 1 when one of them cannot be had */
export async function provideEngines(names: readonly EngineName[], print: Print): Promise<number> {
  let failed = 0;
  for (const name of names.length > 0 ? names : USUAL) {
    const missing = await ENGINES[name].provide(engineCache()).then(() => undefined, (error: unknown) => (error as Error).message);
    if (missing !== undefined) failed = 1;
    print(`${name.padEnd(11)} ${missing === undefined ? 'is there' : `not there: ${missing}`}`);
  }
  return failed;
}

export async function stopStarted(root: string, names: readonly EngineName[], print: Print): Promise<number> {
  const stopped = await stopEngines(root, names.length > 0 ? names : ENGINE_NAMES);
  print(stopped.length === 0 ? 'none was running' : `stopped: ${stopped.join(', ')}`);
  return 0;
}

export async function engineStatus(root: string, json: boolean, print: Print): Promise<number> {
  const all = await Promise.all(ENGINE_NAMES.map(async (name) => ({ name, running: (await runningEngine(root, name)) ?? null })));
  if (json) print(JSON.stringify(Object.fromEntries(all.map(({ name, running }) => [name, running && { address: running.address, version: running.version, pid: running.pid }]))));
  else for (const { name, running } of all) print(`${name.padEnd(11)} ${running ? `${running.version.padEnd(15)} ${running.address}   (process ${running.pid}, log ${running.log})` : 'not running'}`);
  return 0;
}

import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { isAlive, startTimeOf, type ProcessIdentity } from './process-identity.js';

const ATTEMPTS = 3;

/** What a JSON file says; undefined where there is none, or none that can be read. */
export async function readJsonFile<Value>(path: string): Promise<Value | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Value;
  } catch {
    return undefined;
  }
}

/**
 * Takes a lock: a file that names this process. One whose process is gone is taken over; whoever has it removes the file at the end.
 * @returns the living process that has it; undefined when it is ours now
 */
export async function takeLock(path: string): Promise<ProcessIdentity | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (await create(path)) return undefined;
    const holder = await readJsonFile<ProcessIdentity>(path);
    if (holder && isAlive(holder)) return holder;
    await removeStale(path);
  }
  throw new Error('its lock changes hands all the time');
}

async function create(path: string): Promise<boolean> {
  const mine: ProcessIdentity = { pid: process.pid, started: startTimeOf('self') };
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(JSON.stringify(mine));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/** The holder is gone without releasing its lock. What was moved aside is looked at again: another starter may just have taken the name. */
async function removeStale(path: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).catch(() => undefined);
  const moved = await readJsonFile<ProcessIdentity>(aside);
  if (moved && isAlive(moved)) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const STOP_TIMEOUT_MS = 15_000;

/** The server that the pid file names, when that process is alive and really is Postgres on this folder. */
export async function runningServer(data: string): Promise<{ pid: number; port: number } | undefined> {
  const lines = await readFile(join(data, 'postmaster.pid'), 'utf8').then((content) => content.split('\n'), () => []);
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 && (await isOurs(pid, data)) ? { pid, port } : undefined;
}

/** Whether the process lives and is Postgres on this folder: a number may be in use again by a stranger. */
export async function isOurs(pid: number, data: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return command === undefined ? process.platform !== 'linux' : command.includes('postgres') && command.includes(data);
}

/**
 * Removes a pid file whose number belongs to a stranger by now (usual after a container was started anew): Postgres would take the stranger
 * for a server. A pid file of a dead process is left alone; Postgres itself checks that no child of it is left.
 */
export async function forgetStranger(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (pid > 0 && isAlive(pid) && !(await isOurs(pid, data))) await rm(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Fast shutdown: running transactions are rolled back, everything committed is on disk. */
export async function stopProcess(pid: number, data: string): Promise<void> {
  if (!(await isOurs(pid, data))) return;
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (await isOurs(pid, data)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGQUIT');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

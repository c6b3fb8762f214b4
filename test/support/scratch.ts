import { mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const MIN_BYTES = 3_000_000_000;

/** A new folder for data that nobody needs behind this run: in memory where the machine has room there, because files that nobody keeps need no disk. */
export async function scratchFolder(prefix: string): Promise<string> {
  const free = await statfs(MEMORY).then(({ bavail, bsize }) => bavail * bsize, () => 0);
  return mkdtemp(join(free > MIN_BYTES ? MEMORY : tmpdir(), prefix));
}

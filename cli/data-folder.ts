import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { problem } from '#contracts/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import { isAlive, startTimeOf, type ProcessIdentity } from './process-identity.js';
import { readJsonFile, takeLock } from './process-lock.js';

/** How to reach the running instance; kept in `run.json` (0600), because its token is an operator's key. */
export interface RunFile extends ProcessIdentity {
  readonly url: string;
  readonly token: string;
}

/** Stands in a data folder from the first write of a restore until what was restored is proven. */
export const RESTORING = 'restoring.json';

/** The instance that runs on this folder, if one does. */
export async function runningInstance(folder: string): Promise<RunFile | undefined> {
  const run = await readJsonFile<RunFile>(join(resolve(folder), 'run.json'));
  return run && isAlive(run) ? run : undefined;
}

/** The folder of one instance, held by a lock for as long as the process lives. */
export class DataFolder {
  #released = false;

  private constructor(readonly path: string) {}

  /**
   * Makes the folder and takes its lock; a lock whose process is gone is taken over. A folder into which a restore has begun and not ended is given to
   * another restore only. @throws Problem already-running | data-folder-unusable
   */
  static async take(folder: string, { toRestore = false }: { readonly toRestore?: boolean } = {}): Promise<DataFolder> {
    const data = new DataFolder(resolve(folder));
    try {
      await mkdir(data.path, { recursive: true, mode: 0o700 });
      const holder = await takeLock(data.file('lock'));
      if (holder) throw problem('already-running', { url: (await runningInstance(data.path))?.url ?? 'still starting', pid: holder.pid });
      if (toRestore || !existsSync(data.file(RESTORING))) return data;
      await data.release();
      throw problem('data-folder-unusable', { path: data.path, reason: 'a restore into it did not come to its end; run folio restore on it again' });
    } catch (error) {
      if (error instanceof Problem) throw error;
      throw problem('data-folder-unusable', { path: data.path, reason: (error as NodeJS.ErrnoException).code ?? (error as Error).message }, { cause: error });
    }
  }

  file(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /** Tells the command line how to reach this instance. @returns the operator's token */
  async announce(url: string, token: string): Promise<void> {
    const run: RunFile = { pid: process.pid, started: startTimeOf('self'), url, token };
    const aside = this.file(`run.json.${process.pid}`);
    await writeFile(aside, JSON.stringify(run), { mode: 0o600 });
    await rename(aside, this.file('run.json'));
  }

  /** Only once: the lock that lies there later is somebody else's. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    await rm(this.file('run.json'), { force: true });
    await rm(this.file('lock'), { force: true });
  }
}

export const newOperatorToken = (): string => `folio-operator-${randomBytes(24).toString('base64url')}`;

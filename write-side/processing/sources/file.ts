import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { problem } from '#contracts/errors.js';
import type { DocumentSource } from './port.js';

/** `file:` below the folders that the operator allowed; links are followed before the check, so none leads out. */
export const fileSource = (allowedFolders: readonly string[]): DocumentSource => ({
  schemes: ['file:'],
  async fetch(url, consume, signal) {
    const path = await resolveAllowed(url, allowedFolders);
    const stream = createReadStream(path, { signal });
    try {
      return await consume(stream);
    } finally {
      stream.destroy();
    }
  },
});

async function resolveAllowed(url: string, allowedFolders: readonly string[]): Promise<string> {
  const outside = problem('url-not-allowed', { reason: 'it is not below a folder that may be read' });
  const folders = await Promise.all(allowedFolders.map((folder) => realpath(folder)));
  const isAllowed = (path: string): boolean => [...folders, ...allowedFolders.map((folder) => resolve(folder))].some((folder) => path.startsWith(folder + sep));
  let asked: string;
  try {
    asked = fileURLToPath(url);
  } catch {
    throw outside;
  }
  const path = await realpath(asked).catch(() => undefined);
  // Of what lies outside nobody learns whether it is there.
  if (!isAllowed(path ?? asked)) throw outside;
  if (path === undefined) throw problem('fetch-failed', { reason: 'there is no such file', final: true });
  // A folder has no bytes, and a pipe would never end.
  if (!(await stat(path)).isFile()) throw problem('fetch-failed', { reason: 'it is no file', final: true });
  return path;
}

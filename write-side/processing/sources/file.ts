import { createReadStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
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
  if (allowedFolders.length === 0) throw outside;
  const folders = await Promise.all(allowedFolders.map((folder) => realpath(folder)));
  let path: string;
  try {
    path = await realpath(fileURLToPath(url));
  } catch {
    throw problem('fetch-failed', { reason: 'there is no such file', final: true });
  }
  if (!folders.some((folder) => path.startsWith(folder + sep))) throw outside;
  return path;
}

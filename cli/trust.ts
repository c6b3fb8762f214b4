import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '#contracts/errors.js';
import { trustOf } from '../write-side/documents/index.js';

/** Files in the folder, and bytes of one: a certificate has two thousand. */
const MAX_FILES = 2_000;
const MAX_BYTES = 64 * 1024;
const SUFFIX = '.cer';

/**
 * The certificates that the operator trusts: of the authority, which chains are checked against, and of stamping providers, whose seals are.
 * @returns the bytes of each file, in the order of their names; none where there is no folder
 * @throws Problem setting-wrong for a file that holds no certificate
 */
export async function trustFiles(folder: string): Promise<readonly Uint8Array[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(SUFFIX)).toSorted().slice(0, MAX_FILES);
  return Promise.all(names.map(async (name) => certificateFile(join(folder, name))));
}

async function certificateFile(path: string): Promise<Uint8Array> {
  const reason = await stat(path).then(({ size }) => (size > MAX_BYTES ? 'is too large for certificates' : undefined), () => 'cannot be read');
  if (reason !== undefined) throw problem('setting-wrong', { setting: 'FOLIO_TRUST', reason: `${path} ${reason}` });
  const bytes = await readFile(path);
  try {
    trustOf([bytes]);
  } catch (error) {
    throw problem('setting-wrong', { setting: 'FOLIO_TRUST', reason: `${path} holds no certificate` }, { cause: error });
  }
  return bytes;
}

/** Takes certificates in; the same one twice is one. Nothing is taken when one of the files holds none. @returns how many were new */
export async function importTrust(folder: string, paths: readonly string[]): Promise<number> {
  const files = await Promise.all(paths.map(certificateFile));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const there = new Set(await readdir(folder));
  let taken = 0;
  for (const bytes of files) {
    const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}${SUFFIX}`;
    if (there.has(name)) continue;
    if (there.size >= MAX_FILES) throw problem('setting-wrong', { setting: 'FOLIO_TRUST', reason: `${folder} has ${MAX_FILES} files, which is the limit` });
    // Whole or not at all: a process may start at any moment.
    await writeFile(join(folder, `${name}.new`), bytes, { mode: 0o600 });
    await rename(join(folder, `${name}.new`), join(folder, name));
    there.add(name);
    taken += 1;
  }
  return taken;
}

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { SftpHost } from '#platform/outbound/sftp.js';

const HOSTS = z.array(z.strictObject({
  host: z.string().min(1).max(255), port: z.int().min(1).max(65_535).exactOptional(), user: z.string().min(1).max(255), password: z.string().exactOptional(),
  /** Beside the file of the servers, or anywhere. */
  keyFile: z.string().exactOptional(),
  hostKey: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/u, 'must be SHA256:… as ssh-keygen -lf prints it'),
  /** Longest silence. */
  idleSeconds: z.int().min(1).max(600).exactOptional(),
})).max(1_000);

const wrong = (reason: string, cause?: unknown) => platformProblem('setting-wrong', { setting: 'FOLIO_SFTP', reason }, { cause });

/** The servers of the operator's file. @throws Problem setting-wrong; its reason never holds what the file says */
export async function sftpHosts(file: string | undefined): Promise<readonly SftpHost[]> {
  if (file === undefined) return [];
  const text = await readFile(file, 'utf8').catch((error: unknown) => { throw wrong('the file cannot be read', error); });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw wrong('it is not JSON', error);
  }
  const { data, error } = HOSTS.safeParse(json);
  if (!data) throw wrong(error.issues.slice(0, 3).map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  return Promise.all(data.map(async ({ keyFile, ...host }): Promise<SftpHost> => {
    if ((keyFile === undefined) === (host.password === undefined)) throw wrong(`${host.host} must have either a password or a keyFile`);
    if (keyFile === undefined) return host;
    const privateKey = await readFile(resolve(dirname(file), keyFile), 'utf8').catch((cause: unknown) => { throw wrong(`the keyFile of ${host.host} cannot be read`, cause); });
    return { ...host, privateKey };
  }));
}

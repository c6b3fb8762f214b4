import { createHmac, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SECRET_FILE = 'server.secret';
const SECRET_BYTES = 32;

/** Keyed hashes for one purpose each, all from one server secret. Hex. */
export interface ServerSecret {
  hmac(purpose: 'email' | 'idempotency-body', text: string | Uint8Array): string;
}

export const serverSecret = (bytes: Uint8Array): ServerSecret => ({
  hmac: (purpose, text) => createHmac('sha256', createHmac('sha256', bytes).update(purpose).digest()).update(text).digest('hex'),
});

/**
 * The secret of this data folder (`<folder>/server.secret`, 0600), made at the first start. It must be backed up with the event store:
 * without it no address can be found again. Two processes that start together end up with the same one.
 */
export async function loadServerSecret(folder: string): Promise<ServerSecret> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, SECRET_FILE);
  const existing = await readSecret(file);
  if (existing) return serverSecret(existing);
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, randomBytes(SECRET_BYTES).toString('hex'), { mode: 0o600, flush: true });
  // link fails when the name is taken: the first process wins, the others read its secret.
  await link(draft, file).catch(ignoreExisting);
  await unlink(draft);
  const secret = await readSecret(file);
  if (!secret) throw new Error(`${file} could not be made`);
  return serverSecret(secret);
}

async function readSecret(file: string): Promise<Uint8Array | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text.trim(), 'hex');
  if (bytes.length !== SECRET_BYTES) throw new Error(`${file} does not hold a secret of ${SECRET_BYTES} bytes`);
  return bytes;
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** One spelling per mailbox: trimmed, NFC, lower case. */
export const normaliseEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();

export const emailHmac = (secret: ServerSecret, email: string): string => secret.hmac('email', normaliseEmail(email));

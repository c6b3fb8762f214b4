import { createInterface } from 'node:readline/promises';
import type { Client } from '../client.js';

interface Listed {
  readonly items: readonly { readonly id: string; readonly email: string }[];
  readonly next?: string;
}

async function findUser(client: Client, email: string): Promise<string> {
  let cursor = '';
  do {
    const { body }: { body: Listed } = await client.get<Listed>(`/api/v1/auth/users?limit=500${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
    const found = body.items.find((user) => user.email === email.trim().toLowerCase());
    if (found) return found.id;
    cursor = body.next ?? '';
  } while (cursor !== '');
  throw new Error(`there is no user ${email}`);
}

/** With `--reset` a new password for the user, shown once; otherwise an access token for its password, read from FOLIO_PASSWORD or the terminal. */
export async function token(client: Client, email: string, reset: boolean, json: boolean, print: (line: string) => void): Promise<number> {
  if (reset) {
    const id = await findUser(client, email);
    const { body } = await client.post<{ password: string }>(`/api/v1/auth/users/${id}/reset-password`, {});
    print(json ? JSON.stringify({ id, password: body.password }) : `new password of ${email}, shown this once: ${body.password}`);
    return 0;
  }
  const password = process.env['FOLIO_PASSWORD'] ?? (await ask());
  const { body } = await client.post<{ access_token: string; expires_in: number }>('/api/v1/auth/token', { grant_type: 'password', username: email, password });
  print(json ? JSON.stringify(body) : body.access_token);
  return 0;
}

async function ask(): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('password: ');
  terminal.close();
  return answer;
}

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Postgres refuses to run as root: the account it runs under then, null when we are an ordinary user already. */
export interface RuntimeUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

function lookUp(name: string): RuntimeUser | undefined {
  const line = readFileSync('/etc/passwd', 'utf8').split('\n').find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { name, uid: Number(uid), gid: Number(gid) } : undefined;
}

/** `postgres` if there is one, else it is made (system account without a login), else `nobody`. @throws Error when none can be had */
export function runtimeUser(): RuntimeUser | null {
  if (process.getuid?.() !== 0) return null;
  const existing = lookUp('postgres');
  if (existing) return existing;
  const shell = existsSync('/usr/sbin/nologin') ? '/usr/sbin/nologin' : '/bin/false';
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', shell, 'postgres'], { stdio: 'ignore' });
  const user = lookUp('postgres') ?? lookUp('nobody');
  if (!user) throw new Error('Postgres does not run as root, and there is neither a postgres nor a nobody account');
  return user;
}

/** Whether an account without special rights can walk to this path (every folder above it searchable by others). */
function reachable(path: string): boolean {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/**
 * The command line that runs a Postgres program under the account. Where a folder above the binaries or the data is closed to others
 * (a clone in root's own home), the account keeps root's right to pass closed folders, by ambient capability, instead of anybody's
 * folders being opened.
 */
export function commandAs(user: RuntimeUser | null, program: string, args: readonly string[], dataFolder: string): { file: string; args: string[]; uid?: number; gid?: number } {
  if (!user) return { file: program, args: [...args] };
  if (reachable(dirname(program)) && reachable(dirname(dataFolder))) return { file: program, args: [...args], uid: user.uid, gid: user.gid };
  const capability = '+dac_override';
  const flags = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', `--inh-caps=${capability}`, `--ambient-caps=${capability}`];
  return { file: 'setpriv', args: [...flags, program, ...args] };
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

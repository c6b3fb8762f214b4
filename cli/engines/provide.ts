import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { EngineUnavailable } from './engine.js';

/** Programs of engines, outside of the project: shared by every clone and kept over `npm ci`. */
export const engineCache = (): string => join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'folio', 'engines');

const PROVIDE_LIMIT_MS = 600_000;
const LAST_OUTPUT = 2_000;

/** Path of a program, undefined when there is none. */
export function findProgram(name: string, folders: readonly string[] = (process.env['PATH'] ?? '').split(delimiter)): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Runs a program to its end. @throws Error with the last lines it printed */
export async function run(file: string, args: readonly string[], options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {}): Promise<string> {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: PROVIDE_LIMIT_MS, ...(options.cwd !== undefined && { cwd: options.cwd }), env: { ...process.env, ...options.env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output = (output + chunk.toString()).slice(-LAST_OUTPUT); });
  const code = await new Promise<number>((resolve, reject) => child.on('error', reject).on('close', (exit) => resolve(exit ?? 1)));
  if (code !== 0) throw new Error(`${file} ended with ${code}: ${output.trim()}`);
  return output;
}

/**
 * Makes `<cache>/<name>` by `make` in a folder aside, then renames it: two processes that provide at once do not meet, and what is there is whole.
 * @throws EngineUnavailable when `make` fails
 */
export async function provideOnce(cache: string, name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const aside = await mkdtemp(join(cache, `.${name}-`));
  try {
    await make(aside);
    await rename(aside, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } catch (error) {
    throw error instanceof EngineUnavailable ? error : new EngineUnavailable(`${name} could not be brought: ${(error as Error).message}`);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return folder;
}

/** A Maven coordinate, `group:artifact:version`. */
export type Coordinate = `${string}:${string}:${string}`;

const dependency = (coordinate: Coordinate): string => {
  const [group, artifact, version] = coordinate.split(':');
  return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
};

/** Libraries with everything they need, in `<folder>/lib`. */
export async function bringLibraries(folder: string, coordinates: readonly Coordinate[]): Promise<void> {
  const maven = findProgram('mvn');
  if (maven === undefined) throw new EngineUnavailable('Maven (mvn) is not on the PATH');
  const project = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>folio</groupId><artifactId>engine</artifactId><version>1</version>
    <dependencies>${coordinates.map(dependency).join('')}</dependencies></project>`;
  await writeFile(join(folder, 'pom.xml'), project);
  await run(maven, ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'], { cwd: folder });
}

const JVM_FOLDERS = ['/usr/lib/jvm', '/Library/Java/JavaVirtualMachines', '/opt'];

/** A Java of at least that version: `JAVA_HOME`, the distribution's folders, the PATH. @throws EngineUnavailable */
export function findJava(atLeast: number): string {
  const homes = [process.env['JAVA_HOME'] ?? '', ...JVM_FOLDERS.flatMap((folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []))];
  const onPath = findProgram('java');
  if (onPath !== undefined) homes.push(dirname(dirname(onPath)));
  const found = homes.flatMap((home) => [home, join(home, 'Contents', 'Home')]).find((home) => existsSync(join(home, 'bin', 'java')) && javaVersion(home) >= atLeast);
  if (found === undefined) throw new EngineUnavailable(`no Java of version ${atLeast} or later was found (set JAVA_HOME)`);
  return join(found, 'bin', 'java');
}

function javaVersion(home: string): number {
  try {
    return Number(/^JAVA_VERSION="(?:1\.)?(\d+)/mu.exec(readFileSync(join(home, 'release'), 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Whether somebody listens on the port of this machine. */
export const listens = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => { socket.destroy(); resolve(); }).on('error', reject);
  });

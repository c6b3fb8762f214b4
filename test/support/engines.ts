import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineUnavailable, ENGINE_NAMES, type EngineName } from '../../cli/engines/engine.js';
import { ENGINES, startEngine, stopEngine, stopEngines } from '../../cli/engines/manage.js';
import { engineCache } from '../../cli/engines/provide.js';
import { Containers, type ContainerName } from './containers.js';

/** Address of an engine that is there already: `FOLIO_TEST_KAFKA` and so on. */
const given = (name: EngineName): string | undefined => process.env[`FOLIO_TEST_${name.toUpperCase()}`];

/** A first start brings the engine's program, which may take a while. */
const ENGINE_TEST_MS = 180_000;

let root: Promise<string> | undefined;
const engineRoot = (): Promise<string> => (root ??= mkdtemp(join(tmpdir(), 'folio-test-engines-')));
const started = new Map<EngineName, Promise<string | undefined>>();

/** `FOLIO_TEST_DOCKER=off`: no containers, though there is a Docker. */
const containers = new Containers();
let docker: Promise<boolean> | undefined;
const hasDocker = (): Promise<boolean> => (docker ??= process.env['FOLIO_TEST_DOCKER'] === 'off' ? Promise.resolve(false) : containers.answer());

/** From Docker where its daemon answers; undefined: there is none, or no container of it comes up. */
export async function fromDocker(name: ContainerName): Promise<string | undefined> {
  if (!(await hasDocker())) return undefined;
  try {
    return await containers.start(name);
  } catch (error) {
    process.stdout.write(`no container of ${name}: ${(error as Error).message.slice(0, 300)}\n`);
    return undefined;
  }
}

/** The engine for the whole test run: an address of the environment, a container, or what the machine has, started by the first test that asks. Undefined: there is none, and a line says why. */
export function testEngine(name: EngineName): Promise<string | undefined> {
  let address = started.get(name);
  if (!address) {
    address = provide(name);
    started.set(name, address);
  }
  return address;
}

async function provide(name: EngineName): Promise<string | undefined> {
  const known = given(name);
  if (known !== undefined && known !== '') return known;
  const contained = containers.canProvide(name) ? await fromDocker(name) : undefined;
  if (contained !== undefined) return contained;
  try {
    if (ENGINES[name].isProvided?.(engineCache()) === false) throw new EngineUnavailable(`it takes minutes to build: npx folio engines provide ${name}`);
    return (await startEngine(await engineRoot(), name)).address;
  } catch (error) {
    // Not to be had here is one thing; there and not working is a failure.
    if (!(error instanceof EngineUnavailable)) throw error;
    process.stdout.write(`skipped: everything that needs ${name}: ${error.message} (or set FOLIO_TEST_${name.toUpperCase()})\n`);
    return undefined;
  }
}

/** A `describe` on a real engine; its tests are skipped where the machine cannot provide it. */
export function describeWith(name: EngineName, title: string, define: (address: () => string) => void): void {
  describe(`${title} [${name}]`, () => {
    let address: string | undefined;
    before(async function () {
      this.timeout(ENGINE_TEST_MS);
      address = await testEngine(name);
      if (address === undefined) this.skip();
    });
    define(() => address ?? '');
  });
}

/** Stops the engine and starts it again on the same port, with its data unless it keeps none. Only for engines that this run started. */
export async function restartEngine(name: EngineName, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  if (containers.has(name)) return containers.restart(name, signal);
  await stopEngine(await engineRoot(), name, signal);
  await startEngine(await engineRoot(), name);
}

/** Whether a test may stop it: not one that the environment named. */
export const isOurs = (name: EngineName): boolean => given(name) === undefined;

export async function stopTestEngines(): Promise<void> {
  await containers.stop();
  if (!root) return;
  const folder = await root;
  await stopEngines(folder, ENGINE_NAMES);
  await rm(folder, { recursive: true, force: true });
  root = undefined;
}

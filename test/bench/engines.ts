import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineName } from '../../cli/engines/engine.js';
import { startEngine, stopEngines } from '../../cli/engines/manage.js';

/** A real engine for one benchmark, removed afterwards; or the one that the environment names (`FOLIO_TEST_KAFKA`). @throws EngineUnavailable */
export async function withEngine<Result>(name: EngineName, work: (address: string, engines: Readonly<Record<string, string>>) => Promise<Result>): Promise<Result> {
  const given = process.env[`FOLIO_TEST_${name.toUpperCase()}`];
  if (given !== undefined && given !== '') return work(given, { [name]: 'given by the environment' });
  const root = await mkdtemp(join(tmpdir(), 'folio-bench-engine-'));
  const end = async (): Promise<void> => {
    await stopEngines(root, [name]);
    await rm(root, { recursive: true, force: true });
  };
  // It runs in a session of its own and would outlive this process.
  const interrupted = (): void => void end().finally(() => process.exit(1));
  process.once('SIGTERM', interrupted).once('SIGINT', interrupted);
  try {
    const { address, version } = await startEngine(root, name);
    return await work(address, { [name]: version });
  } finally {
    process.off('SIGTERM', interrupted).off('SIGINT', interrupted);
    await end();
  }
}

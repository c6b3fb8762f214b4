import { stopTestEngines } from './engines.js';
import { stopSharedCluster } from './postgres.js';

export async function mochaGlobalTeardown(): Promise<void> {
  await Promise.all([stopSharedCluster(), stopTestEngines()]);
}

import { stopSharedCluster } from './postgres.js';

export async function mochaGlobalTeardown(this: { stats?: { passes: number; failures: number; pending: number } }): Promise<void> {
  await stopSharedCluster();
}

import { config } from 'chai';
import { stopTestEngines } from './engines.js';
import { stopSharedCluster } from './postgres.js';

// What a test that fails now and then has seen must be readable afterwards.
config.truncateThreshold = 300;

export async function mochaGlobalTeardown(): Promise<void> {
  await Promise.all([stopSharedCluster(), stopTestEngines()]);
}

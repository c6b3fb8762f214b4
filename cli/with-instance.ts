import { Client } from './client.js';
import type { FolioSettings } from './config.js';
import { DataFolder, runningInstance } from './data-folder.js';

/** Runs against the instance on the folder; with none running, one is started for as long as the work lasts. The folder itself is never opened beside a running server. */
export async function withInstance<Result>(settings: FolioSettings, folder: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const running = await runningInstance(folder);
  if (running) return work(new Client(running));
  const { startInstance } = await import('./instance/instance.js');
  const data = await DataFolder.take(folder);
  const instance = await startInstance({ ...settings, port: 0 }, data);
  try {
    const own = await runningInstance(folder);
    if (!own) throw new Error('the instance that was started cannot be reached');
    return await work(new Client(own));
  } finally {
    await instance.stop();
  }
}

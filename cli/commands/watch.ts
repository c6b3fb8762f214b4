import { join, sep } from 'node:path';
import { ConfigurationError } from '#platform/config.js';
import { SftpFetcher } from '#platform/outbound/sftp.js';
import type { Client } from '../client.js';
import type { FolioSettings } from '../config.js';
import { sftpHosts } from '../instance/sftp-hosts.js';
import { FolderSource } from '../watch/folder.js';
import { aborted, Following, RunningInstance, type Reach } from '../watch/instance.js';
import { Ledger } from '../watch/ledger.js';
import { SftpDirectory } from '../watch/sftp-directory.js';
import type { Source } from '../watch/source.js';
import { Taking, type WatchLine } from '../watch/take.js';
import { Watcher } from '../watch/watcher.js';
import { withInstance } from '../with-instance.js';
import { Endings } from './take-in.js';

export interface WatchOptions {
  /** Pause between two looks (s). */
  readonly every: number;
  /** One pass, then the end. */
  readonly once: boolean;
  readonly json: boolean;
  /** Default: in the data folder. */
  readonly ledger?: string;
}

interface Output {
  /** One line per file. */
  readonly print: (line: string) => void;
  /** One line about the watch itself. */
  readonly tell: (line: string) => void;
}

const MIN_EVERY_S = 0.1;
const MAX_EVERY_S = 86_400;
/** How long to wait for the processing of a document before it is asked for again, and at the end for what is under way (ms). */
const SETTLE_MS = 120_000;
const GRACE_MS = 20_000;
const MAX_SOURCES = 100;

/**
 * Takes the files of folders and SFTP directories in, each version once, until the signal (or in one pass). @returns 0; of one pass 1 when something could not be
 * taken in or looked at
 * @throws ConfigurationError | Problem url-not-allowed | Problem setting-wrong (FOLIO_SFTP, or a ledger that another watch has)
 */
export async function watch(settings: FolioSettings, folder: string, places: readonly string[], options: WatchOptions, output: Output, signal: AbortSignal): Promise<number> {
  if (!(options.every >= MIN_EVERY_S && options.every <= MAX_EVERY_S)) throw new ConfigurationError(`--every is a number of seconds from ${MIN_EVERY_S} to ${MAX_EVERY_S}`);
  const sources = await sourcesOf(settings, places);
  const ledger = await Ledger.open(options.ledger ?? join(folder, 'watch', 'ledger.jsonl'));
  try {
    output.tell(`${options.once ? 'looking at' : 'watching'} ${sources.map(({ name }) => name).join(', ')}; ${ledger.size} files are in ${ledger.path}`);
    if (ledger.unreadable > 0) output.tell(`${ledger.unreadable} lines of the ledger could not be read; their files are handed in again, which adds nothing`);
    const run = (reach: Reach): Promise<number> => watchAll(reach, sources, ledger, options, output, signal);
    return await (options.once ? withInstance(settings, folder, (client) => run(fixed(client))) : run(new RunningInstance(folder, output.tell)));
  } finally {
    await ledger.close();
  }
}

/** @throws ConfigurationError | Problem */
async function sourcesOf(settings: FolioSettings, places: readonly string[]): Promise<readonly Source[]> {
  if (places.length > MAX_SOURCES) throw new ConfigurationError(`more than ${MAX_SOURCES} places cannot be watched at once`);
  const isAddress = (place: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//iu.test(place);
  // What was given is not repeated: it may carry a password.
  if (places.some((place) => isAddress(place) && !/^sftp:/iu.test(place))) throw new ConfigurationError('folio watch takes folders and sftp://host[:port]/directory');
  const fetcher = new SftpFetcher(await sftpHosts(settings.sftp));
  const sources = places.map((place): Source => (isAddress(place) ? new SftpDirectory(fetcher, place, settings.maxDocumentBytes) : new FolderSource(place)));
  // A folder below another one is watched with it.
  return sources.filter((source, index) => !sources.some((other, at) => other.owns(source.name + sep) && (other.name !== source.name || at < index)));
}

/** The instance that was found or begun for one pass. */
const fixed = (client: Client): Reach => ({ client, whenReady: () => Promise.resolve(), suspect: () => undefined });

async function watchAll(reach: Reach, sources: readonly Source[], ledger: Ledger, { every, once, json }: WatchOptions, { print, tell }: Output, signal: AbortSignal): Promise<number> {
  const endings = new Endings();
  const over = new AbortController();
  const grace = (): void => void setTimeout(() => endings.abandon(), GRACE_MS).unref();
  signal.addEventListener('abort', grace, { once: true });
  const following = new Following(reach, endings);
  const followed = following.run(over.signal);
  await Promise.race([following.begun, aborted(signal)]);
  const line = (of: WatchLine): void => print(json ? JSON.stringify(of) : textOf(of));
  const taking = new Taking({ reach, endings, ledger, settleMs: SETTLE_MS, tell: line });
  const onFailure = (file: string, reason: string, againMs: number | undefined): void => {
    if (againMs === undefined) line({ file, category: 'technical failure', detail: reason });
    else tell(`${file}: ${reason}; again in ${(againMs / 1_000).toFixed(1)} s`);
  };
  const watchers = sources.map((source) => new Watcher({ source, ledger, taking, reach, everyMs: every * 1_000, tell, onFailure }));
  const outcomes = await Promise.all(watchers.map((watcher) => (once ? watcher.once(signal) : watcher.run(signal).then(() => true))));
  over.abort();
  await followed;
  return outcomes.every(Boolean) ? 0 : 1;
}

const textOf = ({ file, category, detail }: WatchLine): string => `${category.padEnd(23)} ${file}${detail === '' ? '' : ` (${detail})`}`;

import type { SftpFetcher } from '#platform/outbound/sftp.js';
import { isTaken } from './settling.js';
import { FileChanged, TooLarge, type ListedFile, type Listing, type Source } from './source.js';

/** A server refuses many connections at once. */
const PLACES = 4;
/** The protocol tells times in whole seconds. */
const SECOND_MS = 1_000;

/** A directory of a server that the operator named in FOLIO_SFTP; what lies below it is not looked at. */
export class SftpDirectory implements Source {
  readonly name: string;
  readonly places = PLACES;
  readonly hasOwnClock = false;
  readonly leastRestMs = SECOND_MS;

  /** @param maxBytes of one file, archives too: they are held in memory. @throws Problem url-not-allowed */
  constructor(private readonly fetcher: SftpFetcher, address: string, private readonly maxBytes: number) {
    this.name = fetcher.checked(address).replace(/\/+$/u, '');
  }

  owns(path: string): boolean {
    return path.startsWith(`${this.name}/`) && !path.slice(this.name.length + 1).includes('/');
  }

  async list(signal: AbortSignal): Promise<Listing> {
    const { entries, isCut } = await this.fetcher.list(`${this.name}/`, signal);
    const files = entries.flatMap(({ name, size, modified, isFile }) => (isFile && isTaken(name) ? [{ path: `${this.name}/${encodeURIComponent(name)}`, name, size, mtime: modified * SECOND_MS }] : []));
    return { files, isCut, unreadable: [] };
  }

  async read({ path, size }: ListedFile, signal: AbortSignal): Promise<Buffer<ArrayBuffer>> {
    if (size > this.maxBytes) throw new TooLarge(this.maxBytes);
    const bytes = await this.fetcher.fetch(path, async (body) => {
      const parts: Buffer[] = [];
      let length = 0;
      for await (const part of body as AsyncIterable<Buffer>) {
        parts.push(part);
        length += part.length;
        if (length > size) return undefined;
      }
      return Buffer.concat(parts);
    }, signal);
    if (bytes?.length !== size) throw new FileChanged();
    return bytes;
  }
}

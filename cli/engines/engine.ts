/** Engines that this machine can provide without containers. */
export const ENGINE_NAMES = ['kafka', 'opensearch', 'redis', 's3', 'clickhouse'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** Where one engine runs: a folder of its own, loopback ports. */
export interface EngineSite {
  readonly folder: string;
  readonly port: number;
  /** For engines that need a second listener. */
  readonly innerPort: number;
}

export interface EngineCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** One engine: where its program comes from, how it starts, when it answers. */
export interface Engine {
  readonly name: EngineName;
  readonly version: string;
  /**
   * Finds the program or brings it into the cache; nothing is installed into the system.
   * @throws EngineUnavailable with what is missing on this machine
   */
  provide(cache: string): Promise<void>;
  /** Writes configuration and, the first time, formats the data folder. */
  command(cache: string, site: EngineSite): Promise<EngineCommand>;
  /** Resolves when it answers as a client would ask; rejects while it does not. */
  answers(site: EngineSite): Promise<void>;
  /** What a client is given: `host:port` or a URL. */
  address(site: EngineSite): string;
  /** Whether the program is at hand already; absent: bringing it takes seconds at most. */
  readonly isProvided?: (cache: string) => boolean;
  /** Longest time until it answers (ms). */
  readonly startMs: number;
}

/** This machine cannot provide the engine; the message says what is missing. */
export class EngineUnavailable extends Error {
  override readonly name = 'EngineUnavailable';
}

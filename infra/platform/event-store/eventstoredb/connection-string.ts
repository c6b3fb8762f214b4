export interface ConnectionTarget {
  /** `esdb+discover`: the host is a name for all nodes of a cluster. */
  readonly discover: boolean;
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly tls: boolean;
  readonly caFile?: string;
  /** A user is named; who it is stays here. */
  readonly credentials: boolean;
}

const FORM = /^esdb(?<discover>\+discover)?:\/\/(?:(?<user>[^/?]*)@)?(?<hosts>[^/?@]+)\/?(?:\?(?<query>.*))?$/u;
const DEFAULT_PORT = 2113;

/** What a connection string asks for, as far as it matters before the first call; undefined when it cannot be read. TLS is on unless switched off. */
export function readConnectionString(text: string): ConnectionTarget | undefined {
  const { discover, user, hosts = '', query = '' } = FORM.exec(text.trim())?.groups ?? {};
  const settings = new Map([...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase().replaceAll(/[_-]/gu, ''), value]));
  const parsed = hosts.split(',').map((part) => {
    const [host = '', port = String(DEFAULT_PORT)] = part.split(':');
    return { host, port: Number(port) };
  });
  if (parsed.some(({ host, port }) => host === '' || !Number.isInteger(port) || port < 1 || port > 65_535)) return undefined;
  const caFile = settings.get('tlscafile');
  return { discover: discover !== undefined, hosts: parsed, tls: settings.get('tls') !== 'false', credentials: user !== undefined, ...(caFile !== undefined && { caFile }) };
}

const KEEPALIVE_TIMEOUT = /[?&]keep[_-]?alive[_-]?timeout=(?<ms>-?\d+)/iu;
const DEFAULT_KEEPALIVE_TIMEOUT_MS = 10_000;

/**
 * The same connection string for a client with a connection of its own: gRPC shares one between all channels of a process whose target and
 * settings are the same, and a millisecond of keepalive makes them different. A later key wins over an earlier one. Switched off stays switched off.
 */
export function separate(text: string): string {
  const ms = Number(KEEPALIVE_TIMEOUT.exec(text)?.groups?.['ms'] ?? DEFAULT_KEEPALIVE_TIMEOUT_MS);
  return ms < 0 ? text : `${text.trim()}${text.includes('?') ? '&' : '?'}keepAliveTimeout=${ms + 1}`;
}

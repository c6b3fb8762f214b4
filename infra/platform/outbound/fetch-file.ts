import { lookup as resolveName, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import { isPublicAddress } from './address.js';
import { HostPolicies, type HostLimits } from './host-policies.js';

export interface OutboundLimits extends HostLimits {
  /** Hosts (`host` or `host:port`) that may be reached although their address is private; the operator's own. */
  readonly allowedPrivateHosts: readonly string[];
  readonly connectTimeoutMs: number;
  /** Longest silence while headers or body are awaited. */
  readonly idleTimeoutMs: number;
  /** Whole fetch, redirects included. */
  readonly totalTimeoutMs: number;
  readonly maxRedirects: number;
}

export const OUTBOUND_DEFAULTS: OutboundLimits = {
  allowedPrivateHosts: [], connectTimeoutMs: 5_000, idleTimeoutMs: 15_000, totalTimeoutMs: 60_000, maxRedirects: 3,
  perHostConcurrency: 25, perHostQueue: 1_000, breakerFailures: 8, breakerOpenMs: 10_000,
};

/**
 * Fetches files from addresses that strangers wrote: only http(s), only public addresses (checked at the moment of connecting, on the very
 * address that is used, so a name that changes its mind gains nothing), every redirect checked again, each host behind its own bulkhead and breaker.
 */
export class OutboundFetcher {
  readonly #limits: OutboundLimits;
  readonly #public: Agent;
  readonly #allowed: Agent;
  readonly #policies: HostPolicies;

  constructor(limits: Partial<OutboundLimits> = {}) {
    this.#limits = { ...OUTBOUND_DEFAULTS, ...limits };
    this.#policies = new HostPolicies(this.#limits);
    const { connectTimeoutMs, idleTimeoutMs } = this.#limits;
    const common = { headersTimeout: idleTimeoutMs, bodyTimeout: idleTimeoutMs, connections: this.#limits.perHostConcurrency };
    this.#public = new Agent({ ...common, connect: { timeout: connectTimeoutMs, lookup: publicLookup } });
    this.#allowed = new Agent({ ...common, connect: { timeout: connectTimeoutMs } });
  }

  /**
   * Hands the body as a stream to `consume` within the host's policy. @throws Problem url-not-allowed (final) | fetch-failed (`final: true` in
   * its detail when repeating cannot help: 401, 403, 404, 410)
   */
  async fetch<Result>(address: string, consume: (body: Readable) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const url = parseUrl(address);
    const within = AbortSignal.any([signal, AbortSignal.timeout(this.#limits.totalTimeoutMs)]);
    try {
      return await this.#policies.execute(url.host, () => this.#follow(url, consume, within));
    } catch (error) {
      throw error instanceof Problem ? error : platformProblem('fetch-failed', { reason: reasonOf(error) }, { cause: error });
    }
  }

  async #follow<Result>(start: URL, consume: (body: Readable) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    let url = start;
    for (let hop = 0; hop <= this.#limits.maxRedirects; hop += 1) {
      const response = await request(url, { dispatcher: this.#dispatcherFor(url), signal, method: 'GET', headers: { accept: 'application/xml, text/xml, */*' } });
      const location = response.headers['location'];
      if (response.statusCode >= 300 && response.statusCode < 400 && typeof location === 'string') {
        await response.body.dump();
        url = parseUrl(new URL(location, url).href);
        continue;
      }
      if (response.statusCode === 200) return consume(response.body);
      await response.body.dump();
      throw platformProblem('fetch-failed', { reason: `the host answered ${response.statusCode}`, final: [401, 403, 404, 410].includes(response.statusCode) });
    }
    throw platformProblem('fetch-failed', { reason: 'too many redirects', final: true });
  }

  #dispatcherFor(url: URL): Agent {
    const { allowedPrivateHosts } = this.#limits;
    if (allowedPrivateHosts.includes(url.host) || allowedPrivateHosts.includes(url.hostname)) return this.#allowed;
    const literal = url.hostname.replace(/^\[|\]$/gu, '');
    if (/^[\d.]+$|:/u.test(literal) && !isPublicAddress(literal)) throw platformProblem('url-not-allowed', { reason: 'the address is not a public one' });
    return this.#public;
  }

  async close(): Promise<void> {
    await Promise.all([this.#public.close(), this.#allowed.close()]);
  }
}

/** @throws Problem url-not-allowed */
export function parseUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url) throw platformProblem('url-not-allowed', { reason: 'it is not an absolute address' });
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw platformProblem('url-not-allowed', { reason: `the scheme ${url.protocol} is not fetched` });
  if (url.username || url.password) throw platformProblem('url-not-allowed', { reason: 'it carries credentials' });
  return url;
}

/** Resolves a name and answers only public addresses; the connection uses what was checked. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolveName(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) {
      callback(error, '', 0);
      return;
    }
    const allowed = addresses.filter(({ address }) => isPublicAddress(address));
    const [first] = allowed;
    if (!first) callback(platformProblem('url-not-allowed', { reason: 'its name leads to an address that is not public' }), '', 0);
    else if (options.all === true) callback(null, allowed);
    else callback(null, first.address, first.family);
  });
};

export function reasonOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name);
}

import { Client, type TransportRequestParams } from '@elastic/elasticsearch';
import { circuitBreaker, ConsecutiveBreaker, handleWhen, type CircuitBreakerPolicy } from 'cockatiel';
import { platformProblem } from '#contracts/kernel/errors.js';
import { OpenSearchConnection } from './connection.js';
import { engineProblem, isUnhealthy } from './faults.js';
import { probe, type Product } from './probe.js';
import { checkSettings, type ElasticSettings } from './settings.js';

/** A request as the engine's REST interface has it; text of strangers only in `body`, `bulkBody` and parts of the path made by `encodeURIComponent`. */
export type EngineRequest = Pick<TransportRequestParams, 'method' | 'path' | 'body' | 'bulkBody'> & { readonly querystring?: Readonly<Record<string, string | number | boolean>> };

/** `longestMs` is the client's own limit, which holds for all requests of a connection; each request has a shorter one by its signal. */
export const ENGINE_LIMITS = { requestMs: 5_000, longestMs: 120_000, maxAnswerBytes: 128 * 1_048_576, breakerFailures: 5, breakerOpenMs: 1_000 } as const;

/**
 * One connection to Elasticsearch or OpenSearch: every request ends within its time, every fault is a Problem, and an engine that fails
 * several times in a row is left alone for a moment. Readers and writers have one each, so that a bulk never shuts out a search.
 */
export class ElasticEngine {
  readonly #breaker: CircuitBreakerPolicy = circuitBreaker(handleWhen(isUnhealthy), {
    halfOpenAfter: ENGINE_LIMITS.breakerOpenMs, breaker: new ConsecutiveBreaker(ENGINE_LIMITS.breakerFailures),
  });

  private constructor(private readonly client: Client, readonly product: Product, readonly version: string, private readonly requestMs: number) {}

  /** Asks the engine who it is. @throws Problem setting-wrong, naming the setting that is | search-unavailable when it is starting */
  static async connect(settings: ElasticSettings): Promise<ElasticEngine> {
    const { url, tls } = checkSettings(settings);
    const { username, password, apiKey, requestMs = ENGINE_LIMITS.requestMs } = settings;
    const auth = apiKey !== undefined ? { apiKey } : username !== undefined ? { username, password: password ?? '' } : undefined;
    const options = { node: url.href, ...(auth && { auth }), ...(tls && { tls }), requestTimeout: ENGINE_LIMITS.longestMs, maxRetries: 0, maxResponseSize: ENGINE_LIMITS.maxAnswerBytes };
    const asking = new Client({ ...options, Connection: OpenSearchConnection });
    try {
      const { product, version } = await probe(asking, settings, requestMs);
      if (product === 'opensearch') return new ElasticEngine(asking, product, version, requestMs);
      await asking.close();
      return new ElasticEngine(new Client(options), product, version, requestMs);
    } catch (error) {
      await asking.close();
      throw error;
    }
  }

  /**
   * @returns the body, decoded from JSON and nothing more
   * @throws EngineRefusal for a 4xx, Problem search-unavailable for everything else that is no answer
   */
  async request({ querystring, ...request }: EngineRequest, withinMs: number = this.requestMs): Promise<unknown> {
    try {
      return await this.#breaker.execute(async () => {
        const signal = AbortSignal.timeout(withinMs);
        const body: unknown = await this.client.transport.request({ ...request, ...(querystring && { querystring: { ...querystring } }) }, { signal });
        // A login page, a redirect: everything that engines are asked here is answered by an object.
        if (typeof body !== 'object' || body === null) throw platformProblem('search-unavailable', { reason: 'its answer is not JSON' });
        return body;
      });
    } catch (error) {
      throw engineProblem(error);
    }
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

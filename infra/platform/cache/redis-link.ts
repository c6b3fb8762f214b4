import { once } from 'node:events';
import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen, type CircuitBreakerPolicy } from 'cockatiel';
import { Cluster, Redis, type CommonRedisOptions } from 'ioredis';
import { InFlight } from './in-flight.js';
import type { RedisAddress } from './redis-address.js';
import { REDIS_SCRIPTS } from './redis-scripts.js';

export interface RedisLimits {
  /** A command that has no answer by then has failed for the caller. */
  readonly commandTimeoutMs: number;
  /** The same for connecting and its handshake. */
  readonly connectTimeoutMs: number;
  /** Longest pause between two attempts to connect. */
  readonly maxReconnectMs: number;
  /** Commands in a row without an answer that open the breaker, and how long it stays open. */
  readonly breakerFailures: number;
  readonly breakerOpenMs: number;
}

export const REDIS_LIMITS: RedisLimits = { commandTimeoutMs: 100, connectTimeoutMs: 2_000, maxReconnectMs: 1_000, breakerFailures: 5, breakerOpenMs: 500 };

const FIRST_RECONNECT_MS = 20;
const MAX_REDIRECTIONS = 4;
/** Pause before a command is tried again on a cluster that is changing; several must fit into the time of a command. */
const CLUSTER_PAUSE_MS = 20;
/** A node of a cluster that is silent for so long while commands wait is disconnected. */
const SILENCE_MS = 1_000;

export type RedisClient = Redis | Cluster;

/** No connection, no answer in time, or the breaker is open. An error that Redis itself answered is no such fault. */
export class RedisGone extends Error {
  override readonly name = 'RedisGone';
}

/** Commands that each have so long for their answer (ms). */
export const inFlight = (ms: number): InFlight => new InFlight(ms, () => new RedisGone(`no answer within ${ms} ms`));

const NOT_CONNECTED = new RedisGone('there is no connection');
const asFailure = (error: unknown): unknown => {
  if (isAnswer(error) || error instanceof RedisGone) return error;
  return new RedisGone(error instanceof BrokenCircuitError ? 'the breaker is open' : 'the connection broke', { cause: error });
};
const isAnswer = (error: unknown): boolean => error instanceof Error && error.name === 'ReplyError';

/**
 * A connection whose commands always end in time: refused at once while there is none (nothing queues up for later), after the time limit
 * otherwise, and at once again while the breaker is open. It reconnects by itself, and disconnects from a server that holds the connection but
 * does not answer. Commands of one turn of the event loop go out in one write: measured, 30 % more reads per second; ioredis' auto-pipelining gains a tenth.
 */
export class RedisLink {
  readonly #client: RedisClient;
  readonly #limits: RedisLimits;
  readonly #breaker: CircuitBreakerPolicy;
  readonly #commands: InFlight;
  readonly #onChange: (up: boolean) => void;
  #wasUp = false;
  /** Whether the last command that ended got no answer. */
  #failing = false;
  #closed = false;
  #gathering = false;

  /** @param onChange when it comes up or goes down; never twice the same */
  constructor(address: RedisAddress, limits: RedisLimits, onChange: (up: boolean) => void) {
    this.#limits = limits;
    this.#onChange = onChange;
    this.#client = clientFor(address, limits);
    this.#commands = inFlight(limits.commandTimeoutMs);
    this.#breaker = circuitBreaker(handleWhen((error) => !isAnswer(error)), { halfOpenAfter: limits.breakerOpenMs, breaker: new ConsecutiveBreaker(limits.breakerFailures) });
    // Errors of the connection come here and nowhere else; what they mean for a command, the command says itself.
    this.#client.on('error', () => undefined);
    for (const event of ['ready', 'close', 'end']) this.#client.on(event, () => this.#changed());
    this.#breaker.onStateChange(() => this.#changed());
    // A cluster's silent node is left to the node's own limit: the others answer.
    if (!address.cluster) this.#breaker.onBreak(() => { if (this.#client.status === 'ready') this.#client.disconnect(true); });
  }

  get up(): boolean {
    return this.#client.status === 'ready' && this.#breaker.state === CircuitState.Closed;
  }

  #changed(): void {
    if (this.#closed || this.up === this.#wasUp) return;
    this.#wasUp = this.up;
    this.#onChange(this.#wasUp);
  }

  /** Waits for the first connection, to every server of a cluster, no longer than the limit of connecting. @returns whether there is one */
  async connected(): Promise<boolean> {
    const signal = AbortSignal.timeout(this.#limits.connectTimeoutMs);
    await readyOf(this.#client, signal);
    await Promise.all(this.servers.map((server) => readyOf(server, signal)));
    return this.#client.status === 'ready';
  }

  /** @throws RedisGone | the error that Redis answered */
  run<Result>(work: (client: RedisClient) => Promise<Result>): Promise<Result> {
    if (this.#client.status !== 'ready') return Promise.reject(NOT_CONNECTED);
    // While every command is answered the breaker has nothing to count, and is not asked.
    if (!this.#failing && this.#breaker.state === CircuitState.Closed) return this.#commands.bound(this.#send(work), this.#onFailure);
    return this.#runCounted(work);
  }

  /** Commands of one turn of the event loop go out in one write. */
  #send<Result>(work: (client: RedisClient) => Promise<Result>): Promise<Result> {
    if (!this.#gathering && this.#client instanceof Redis) {
      const { stream } = this.#client;
      this.#gathering = true;
      stream.cork();
      setImmediate(() => {
        this.#gathering = false;
        stream.uncork();
      });
    }
    return work(this.#client);
  }

  async #runCounted<Result>(work: (client: RedisClient) => Promise<Result>): Promise<Result> {
    try {
      const result = await this.#breaker.execute(() => this.#commands.bound(this.#send(work)));
      this.#failing = false;
      return result;
    } catch (error) {
      throw asFailure(error);
    }
  }

  /** The breaker learns of a failure that did not go through it; from now on it counts by itself. */
  readonly #onFailure = (error: unknown): unknown => {
    const failure = asFailure(error);
    if (failure instanceof RedisGone) {
      this.#failing = true;
      this.#breaker.execute(() => Promise.reject(failure)).catch(() => undefined);
    }
    return failure;
  };

  /** Every server that holds keys. */
  get servers(): readonly Redis[] {
    return this.#client instanceof Cluster ? this.#client.nodes('master') : [this.#client];
  }

  close(): void {
    this.#closed = true;
    this.#client.disconnect();
  }
}

function clientFor({ nodes, cluster, tls, username, password, db }: RedisAddress, limits: RedisLimits): RedisClient {
  const backoff = (times: number): number => Math.min(FIRST_RECONNECT_MS * 2 ** Math.min(times - 1, 16), limits.maxReconnectMs) * (0.5 + Math.random() / 2);
  const common = {
    ...(username !== undefined && { username }), ...(password !== undefined && { password }), ...(tls && { tls: {} }),
    connectTimeout: limits.connectTimeoutMs, maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false, disableClientInfo: true,
  } satisfies CommonRedisOptions & { tls?: object };
  if (!cluster) {
    // A server that became a replica is left: its address leads to the new primary.
    return new Redis({ ...nodes[0], ...common, socketTimeout: limits.connectTimeoutMs, db, scripts: REDIS_SCRIPTS, enableOfflineQueue: false, retryStrategy: backoff, reconnectOnError: ({ message }) => message.startsWith('READONLY') });
  }
  const client = new Cluster([...nodes], {
    redisOptions: { ...common, socketTimeout: SILENCE_MS }, scripts: REDIS_SCRIPTS, enableOfflineQueue: false, maxRedirections: MAX_REDIRECTIONS,
    retryDelayOnFailover: CLUSTER_PAUSE_MS, retryDelayOnClusterDown: CLUSTER_PAUSE_MS, retryDelayOnTryAgain: CLUSTER_PAUSE_MS,
    clusterRetryStrategy: backoff, clusterNodeRetryStrategy: backoff, slotsRefreshTimeout: limits.connectTimeoutMs,
  });
  // Otherwise a server is connected by the first command for it, and those that follow are refused until it is.
  return client.on('+node', (node: Redis) => { if (node.status === 'wait') node.connect().catch(() => undefined); });
}

/** Ready, or an error, or aborted: never rejects. */
const readyOf = async (client: RedisClient, signal: AbortSignal): Promise<unknown> =>
  client.status === 'ready' ? undefined : once(client, 'ready', { signal }).catch(() => undefined);

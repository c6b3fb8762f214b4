import { timingSafeEqual } from 'node:crypto';
import type { Pointer } from '#platform/control/pointer.js';
import { bearerToken, createAuthenticator, type Authenticate } from '#platform/http/authenticate.js';
import { createMetrics } from '#platform/http/metrics.js';
import { createRateLimiter } from '#platform/http/rate-limit.js';
import type { Principal, Route } from '#platform/http/route.js';
import { Activity } from '#platform/http/activity.js';
import { createHttpServer, type HttpServer } from '#platform/http/server.js';
import { createLogger, type Logger } from '#platform/logger.js';
import { startTelemetry } from '#platform/telemetry/start.js';
import { pause } from '#platform/wake.js';
import type { CommandApi } from '../../write-side/role.js';
import type { FolioSettings } from '../config.js';
import { newOperatorToken, type DataFolder } from '../data-folder.js';
import { Backends } from './backends.js';
import { allRoles, type RoleSet } from './roles.js';
import { startRoles, type StartedRoles } from './start-roles.js';
import { systemRoutes } from './system-routes.js';

export interface InstanceOptions {
  /** Default: all. */
  readonly roles?: RoleSet;
  readonly projections?: readonly string[];
}

export interface Instance {
  readonly url: string;
  /** Where this process is the command API. */
  readonly api: CommandApi | undefined;
  readonly logger: Logger;
  /** In-flight requests finish (bounded), appends flush, lanes are released, Postgres stops, the lock goes. */
  stop(): Promise<void>;
}

/** The roles of one process behind one server. What was started is stopped in reverse when a later step fails. */
export async function startInstance(settings: FolioSettings, data: DataFolder, options: InstanceOptions = {}): Promise<Instance> {
  const logger = createLogger({ level: settings.logLevel });
  const undo: (() => Promise<unknown>)[] = [() => data.release()];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step().catch((error: unknown) => logger.error({ err: error }, 'a part did not stop cleanly'));
  };
  const composing = compose(settings, data, options, logger, (step) => void undo.push(step));
  try {
    return { ...(await composing), logger, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Undo = (step: () => Promise<unknown>) => void;

async function compose(settings: FolioSettings, data: DataFolder, options: InstanceOptions, logger: Logger, undo: Undo): Promise<Pick<Instance, 'url' | 'api'>> {
  const roles = options.roles ?? allRoles(settings.kafka.length > 0);
  const endpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const serviceName = roles.size === 1 ? `folio-${[...roles].join()}` : 'folio';
  const telemetry = await startTelemetry({ serviceName, logger, ...(endpoint !== undefined && endpoint !== '' && { endpoint }) });
  undo(() => telemetry.stop());
  const metrics = createMetrics();
  const backends = new Backends({ settings, data, logger, metrics, onOpened: undo });
  const activity = new Activity();
  let server: HttpServer | undefined = undefined;
  const draining = (): AbortSignal => server?.draining ?? AbortSignal.abort();
  const isWhole = options.roles === undefined;
  const started = await startRoles({ settings, roles, backends, logger, activity, draining, onStarted: undo, ...(options.projections && { projections: options.projections }), ...(isWhole && { owner: 'embedded' }) });
  if (roles.has('query-api') && roles.has('worker')) await generationsMade((await backends.readModels()).pointer, Object.keys(started.projections?.workers() ?? {}));
  const operatorToken = settings.operatorToken ?? newOperatorToken();
  const routes: Route[] = [...started.routes, ...systemRoutes({ metrics, checks: started.checks, routes: () => routes, page: roles.has('gateway') || (roles.has('query-api') && roles.has('command-api')) })];
  server = createHttpServer({ activity, routes, authenticate: authenticatorOf(started, operatorToken), logger, metrics, rateLimiter: createRateLimiter(rateLimits(settings)) });
  const port = await server.listen(settings.port, settings.host);
  undo(() => (server ? server.close(settings.drainMs) : Promise.resolve()));
  const url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  await data.announce(url, operatorToken);
  return { url, api: started.api };
}

const rateLimits = ({ rateFree, rateStandard, rateEnterprise }: FolioSettings) => {
  const perMinute = (requests: number) => ({ requests, seconds: 60 });
  return { anonymous: perMinute(rateFree), free: perMinute(rateFree), standard: perMinute(rateStandard), enterprise: perMinute(rateEnterprise), operator: perMinute(10_000_000) };
};

const OPERATOR: Principal = { userId: 'operator', role: 'admin', tier: 'operator', tokenId: 'operator' };
const NOBODY: Authenticate = async (request) => {
  bearerToken(request);
  throw new Error('this process knows no tokens');
};

/** The command line on this machine comes in with the key of `run.json`; everybody else with a token. */
function authenticatorOf({ tokens }: StartedRoles, operatorToken: string): Authenticate {
  const authenticate = tokens ? createAuthenticator(tokens) : NOBODY;
  const expected = Buffer.from(operatorToken);
  return async (request) => {
    const given = Buffer.from(bearerToken(request));
    return given.length === expected.length && timingSafeEqual(given, expected) ? OPERATOR : authenticate(request);
  };
}

/** First start: readers find nothing before each projection has its first generation. */
async function generationsMade(pointer: Pointer, projections: readonly string[]): Promise<void> {
  const limit = AbortSignal.timeout(GENERATIONS_LIMIT_MS);
  while (!projections.every((name) => pointer.generationOf(name) !== undefined)) {
    if (limit.aborted) throw new Error('the projections did not make their first generations in time');
    await pause(5, limit);
  }
}
const GENERATIONS_LIMIT_MS = 30_000;

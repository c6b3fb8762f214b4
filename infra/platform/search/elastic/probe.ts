import { errors, type Client } from '@elastic/elasticsearch';
import { z } from 'zod';
import type { Problem } from '#contracts/kernel/problem.js';
import { causeOf, engineProblem, isTimeout } from './faults.js';
import { nameOf, settingWrong, type ElasticSettings } from './settings.js';

export type Product = 'elasticsearch' | 'opensearch';

/** Below these, requests that Folio makes are not understood. */
export const OLDEST: Readonly<Record<Product, number>> = { elasticsearch: 9, opensearch: 3 };

const WHO = z.object({ tagline: z.string().optional(), version: z.object({ number: z.string().regex(/^\d{1,4}\./u), distribution: z.string().optional() }) });

/** Asks `/` once: who is there, and may we in? @throws Problem setting-wrong, naming the setting that is | search-unavailable when an engine says that it cannot yet */
export async function probe(client: Client, settings: ElasticSettings, withinMs: number): Promise<{ readonly product: Product; readonly version: string }> {
  const answer: unknown = await client.transport.request({ method: 'GET', path: '/' }, { signal: AbortSignal.timeout(withinMs) }).catch((error: unknown) => {
    throw wrongFor(settings, error);
  });
  const who = WHO.safeParse(answer).data;
  const product = who && productOf(who);
  if (!product) throw settingWrong('url', 'what answers there is neither Elasticsearch nor OpenSearch');
  const { number } = who.version;
  if (Number.parseInt(number, 10) < OLDEST[product]) throw settingWrong('url', `there is ${NAMES[product]} ${number}; Folio needs ${NAMES[product]} ${OLDEST[product]} or newer`);
  return { product, version: number };
}

const NAMES: Readonly<Record<Product, string>> = { elasticsearch: 'Elasticsearch', opensearch: 'OpenSearch' };

function productOf({ tagline = '', version }: z.infer<typeof WHO>): Product | undefined {
  if (version.distribution === 'opensearch') return 'opensearch';
  return version.distribution === undefined && tagline.startsWith('You Know, for Search') ? 'elasticsearch' : undefined;
}

/** The setting behind a fault. The client keeps only the message of what went wrong below it, so that is what is looked at. */
function wrongFor(settings: ElasticSettings, error: unknown): Problem {
  const wrong = (setting: 'url' | 'ca', reason: string): Problem => settingWrong(setting, reason, error);
  if (error instanceof errors.ResponseError) return refused(settings, error);
  if (error instanceof errors.DeserializationError) return wrong('url', 'what answers there is neither Elasticsearch nor OpenSearch');
  const message = error instanceof Error ? error.message : String(error);
  if (isTimeout(error)) return wrong('url', 'nothing answers there in time');
  if (/wrong version number|packet length too long|WRONG_VERSION_NUMBER|EPROTO|unsupported protocol/iu.test(message)) return wrong('url', 'it says https://, but what answers there does not speak TLS');
  if (/altname|Hostname\/IP/iu.test(message)) return wrong('url', `the certificate is one of another host (${message})`);
  if (/certificate|self.signed|unable to (?:get|verify)/iu.test(message)) return wrong('ca', `the certificate of the engine is not trusted (${message})`);
  if (settings.url.startsWith('http:') && /other side closed|ECONNRESET|socket hang up|HPE_|Parse Error|Expected HTTP/iu.test(message)) return wrong('url', `it says http://, and what listens there ends the connection (${message}): it may expect https://`);
  return wrong('url', `nothing answers there (${message})`);
}

function refused(settings: ElasticSettings, error: errors.ResponseError): Problem {
  const statusCode = error.statusCode ?? 0;
  if (statusCode >= 500 || statusCode === 429) return engineProblem(error);
  const body: unknown = error.body;
  const [type, reason] = causeOf(body);
  if (statusCode === 401 || statusCode === 403) {
    const setting = settings.apiKey !== undefined ? 'apiKey' : settings.username !== undefined ? 'password' : 'username';
    if (setting === 'username') return settingWrong(setting, `the engine asks for credentials (${statusCode}); give user and password, or ${nameOf('apiKey')}`, error);
    return settingWrong(setting, statusCode === 401 ? 'the engine does not accept these credentials (401)' : 'these credentials may not ask the engine anything (403)', error);
  }
  if (statusCode === 400 && /https/iu.test(`${reason} ${typeof body === 'string' ? body : ''}`)) return settingWrong('url', 'it says http://, but what answers there expects https://', error);
  return settingWrong('url', `what answers there says ${statusCode} ${type} ${reason}`.trim(), error);
}

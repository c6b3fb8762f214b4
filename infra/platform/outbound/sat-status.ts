import { isBrokenCircuitError } from 'cockatiel';
import { Agent, request } from 'undici';
import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import { parseUrl, reasonOf } from './fetch-file.js';
import { HostPolicies, type HostLimits } from './host-policies.js';
import { resultTexts, SoapAnswerError, type ElementName } from './soap-answer.js';

/** What the service said, in its own words; what it left empty is absent. */
export interface SatReply {
  readonly CodigoEstatus?: string;
  readonly Estado?: string;
  readonly EsCancelable?: string;
  readonly EstatusCancelacion?: string;
  readonly ValidacionEFOS?: string;
}

export interface SatStatusLimits extends HostLimits {
  readonly connectTimeoutMs: number;
  /** Longest silence while headers or body are awaited. */
  readonly idleTimeoutMs: number;
  /** Whole question. */
  readonly totalTimeoutMs: number;
  readonly maxAnswerBytes: number;
}

export const SAT_STATUS_DEFAULTS: SatStatusLimits = {
  connectTimeoutMs: 5_000, idleTimeoutMs: 15_000, totalTimeoutMs: 30_000, maxAnswerBytes: 64 * 1024,
  perHostConcurrency: 16, perHostQueue: 16, breakerFailures: 8, breakerOpenMs: 30_000,
};

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const TEMPURI = 'http://tempuri.org/';
const RESULT_PATH: readonly ElementName[] = [[SOAP, 'Envelope'], [SOAP, 'Body'], [TEMPURI, 'ConsultaResponse'], [TEMPURI, 'ConsultaResult']];
const WORDS = 'http://schemas.datacontract.org/2004/07/Sat.Cfdi.Negocio.ConsultaCfdi.Servicio';
const HEADERS = { 'content-type': 'text/xml; charset=utf-8', 'accept': 'text/xml', 'soapaction': `"${TEMPURI}IConsultaCFDIService/Consulta"` };

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** Text as the content of an element. */
export const xmlText = (text: string): string => text.replaceAll(/[&<>]/gu, (found) => ENTITIES[found] ?? found);

const envelope = (expression: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${SOAP}"><s:Body><c:Consulta xmlns:c="${TEMPURI}"><c:expresionImpresa>${xmlText(expression)}</c:expresionImpresa></c:Consulta></s:Body></s:Envelope>`;

/**
 * Operation `Consulta` of the SAT's ConsultaCFDIService (SOAP 1.1), at the operator's address, which may be a private one. No redirects; bounded in time
 * and size; behind a bulkhead and a breaker. Source of the form: SAT, Servicio de Consulta de CFDI 1.4.
 */
export class SatStatusService {
  readonly #url: URL;
  readonly #agent: Agent;
  readonly #policies: HostPolicies;
  readonly #limits: SatStatusLimits;

  /** @throws Problem url-not-allowed */
  constructor(address: string, limits: Partial<SatStatusLimits> = {}) {
    this.#url = parseUrl(address);
    this.#limits = { ...SAT_STATUS_DEFAULTS, ...limits };
    const { connectTimeoutMs, idleTimeoutMs, maxAnswerBytes, perHostConcurrency } = this.#limits;
    this.#policies = new HostPolicies(this.#limits);
    this.#agent = new Agent({ headersTimeout: idleTimeoutMs, bodyTimeout: idleTimeoutMs, maxResponseSize: maxAnswerBytes, connections: perHostConcurrency, connect: { timeout: connectTimeoutMs } });
  }

  /**
   * @param expression of the printed code, `?re=…&rr=…&tt=…&id=…&fe=…`
   * @throws Problem fetch-failed | upstream-unavailable (it failed so often that it was not asked)
   */
  async consult(expression: string, signal: AbortSignal): Promise<SatReply> {
    const within = AbortSignal.any([signal, AbortSignal.timeout(this.#limits.totalTimeoutMs)]);
    try {
      return await this.#policies.execute(this.#url.host, () => this.#post(expression, within));
    } catch (error) {
      if (isBrokenCircuitError(error)) throw platformProblem('upstream-unavailable', { name: 'authority' }, { cause: error });
      throw error instanceof Problem ? error : platformProblem('fetch-failed', { reason: error instanceof SoapAnswerError ? error.message : reasonOf(error) }, { cause: error });
    }
  }

  async #post(expression: string, signal: AbortSignal): Promise<SatReply> {
    const response = await request(this.#url, { dispatcher: this.#agent, signal, method: 'POST', headers: HEADERS, body: envelope(expression) });
    if (response.statusCode !== 200) {
      await response.body.dump();
      throw platformProblem('fetch-failed', { reason: `the service answered ${response.statusCode}` });
    }
    const words = resultTexts(utf8(await response.body.bytes()), RESULT_PATH, WORDS);
    return Object.fromEntries([...words].filter(([, word]) => word !== ''));
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SoapAnswerError('the answer is no UTF-8');
  }
}

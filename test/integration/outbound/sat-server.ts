import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SaxesParser } from 'saxes';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const TEMPURI = 'http://tempuri.org/';
const WORDS = 'http://schemas.datacontract.org/2004/07/Sat.Cfdi.Negocio.ConsultaCfdi.Servicio';

export type Words = Readonly<Record<string, string | null>>;
const FOUND = 'S - Comprobante obtenido satisfactoriamente.';

export const IN_FORCE: Words = { CodigoEstatus: FOUND, EsCancelable: 'Cancelable con aceptación', Estado: 'Vigente', EstatusCancelacion: null, ValidacionEFOS: '200' };
export const CANCELLED: Words = { CodigoEstatus: FOUND, EsCancelable: 'No cancelable', Estado: 'Cancelado', EstatusCancelacion: 'Cancelado con aceptación', ValidacionEFOS: '200' };
export const MISSING: Words = { CodigoEstatus: 'N - 602: Comprobante no encontrado.', EsCancelable: null, Estado: 'No Encontrado', EstatusCancelacion: null, ValidacionEFOS: null };
/** As the service really does: beside the refusal stand words that mean nothing. */
export const REFUSED: Words = { CodigoEstatus: 'N - 601: La expresión impresa proporcionada no es válida.', EsCancelable: 'Cancelable con aceptación', Estado: 'No Encontrado', EstatusCancelacion: 'Cancelado con aceptación', ValidacionEFOS: null };

const element = ([name, word]: [string, string | null]): string =>
  (word === null ? `<a:${name} i:nil="true"/>` : `<a:${name}>${word}</a:${name}>`);

/** The answer of the service, in its dialect. */
export const envelope = (words: Words, namespace = WORDS): string =>
  `<s:Envelope xmlns:s="${SOAP}"><s:Body><ConsultaResponse xmlns="${TEMPURI}"><ConsultaResult xmlns:a="${namespace}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">${Object.entries(words).map(element).join('')}</ConsultaResult></ConsultaResponse></s:Body></s:Envelope>`;

/** The expression of a request, read by its own means. @throws where it is not what the service takes */
function expressionOf(request: IncomingMessage, xml: string): string {
  if (request.headers['soapaction'] !== '"http://tempuri.org/IConsultaCFDIService/Consulta"') throw new Error('another action');
  const path: string[] = [];
  let expression = '';
  const parser = new SaxesParser({ xmlns: true });
  parser.on('opentag', ({ uri, local }) => path.push(`{${uri}}${local}`));
  parser.on('closetag', () => path.pop());
  parser.on('text', (part) => {
    if (path.join('/') === `{${SOAP}}Envelope/{${SOAP}}Body/{${TEMPURI}}Consulta/{${TEMPURI}}expresionImpresa`) expression += part;
  });
  parser.write(xml).close();
  return expression;
}

type Answering = (expression: string, response: ServerResponse, request: IncomingMessage) => unknown;

/** Speaks the dialect of the SAT's ConsultaCFDIService on a port of this machine. */
export class SatServer {
  /** Expressions in the order in which they were asked. */
  readonly asked: string[] = [];
  connections = 0;
  #answer: Answering = () => undefined;

  private constructor(private readonly server: Server) {
    this.says(IN_FORCE);
  }

  static async open(): Promise<SatServer> {
    let listen: RequestListener = () => undefined;
    const made = new SatServer(createServer((request, response) => listen(request, response)));
    listen = (request, response) => void made.#serve(request, response);
    made.server.on('connection', () => (made.connections += 1));
    await new Promise<void>((resolve) => { made.server.listen(0, '127.0.0.1', resolve); });
    return made;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const expression = expressionOf(request, await text(request));
    this.asked.push(expression);
    await this.#answer(expression, response, request);
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/ConsultaCFDIService.svc`;
  }

  answers(answer: Answering): void {
    this.#answer = answer;
  }

  says(words: Words): void {
    this.#answer = (_expression, response) => response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' }).end(envelope(words));
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

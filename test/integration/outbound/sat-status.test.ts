import { expect } from 'chai';
import { SatStatusService, type SatStatusLimits } from '#platform/outbound/sat-status.js';
import { SAT_STATUS_ADDRESS, satStatusAddress } from '#platform/outbound/sat-address.js';
import { satStatus } from '../../../write-side/authority/sat.js';
import { authorityStatusSuite, SOME_QUESTION, type Said } from '../../suites/authority-status.js';
import { codeOf, until } from '../../support/until.js';
import { envelope, IN_FORCE, REFUSED, SatServer } from './sat-server.js';

const never = new AbortController().signal;
const STATES = { 'in-force': 'Vigente', 'cancelled': 'Cancelado', 'not-found': 'No Encontrado' } as const;

function play(server: SatServer, said: Said): void {
  if (said === 'refuses') server.says(REFUSED);
  else if (said === 'babbles') server.says({ ...IN_FORCE, Estado: 'Quién sabe' });
  else if (said === 'is silent') server.answers(() => undefined);
  else if (said === 'is broken') server.answers((_expression, response) => response.writeHead(503).end());
  else server.says({ CodigoEstatus: said.code, EsCancelable: said.cancellable ?? null, Estado: STATES[said.status], EstatusCancelacion: said.cancellation ?? '', ValidacionEFOS: said.taxpayerList ?? null });
}

authorityStatusSuite('SAT', async () => {
  const server = await SatServer.open();
  const authority = satStatus(new SatStatusService(server.address, { totalTimeoutMs: 500, breakerFailures: 3 }));
  return {
    authority, says: (said) => play(server, said), asked: () => server.asked.length,
    close: async () => {
      await authority.close();
      server.close();
    },
  };
});

describe('the status service of the SAT', () => {
  let server: SatServer;
  const open: SatStatusService[] = [];
  beforeEach(async () => { server = await SatServer.open(); });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
    server.close();
  });
  const service = (limits: Partial<SatStatusLimits> = {}): SatStatusService => {
    const made = new SatStatusService(server.address, limits);
    open.push(made);
    return made;
  };
  /** Why there was no answer. */
  const reason = async (limits: Partial<SatStatusLimits> = {}): Promise<string> =>
    service(limits).consult('?x', never).then(() => 'answered', (error: unknown) => String((error as { detail?: { reason?: unknown } }).detail?.reason));

  it('is asked by the expression of the printed code, with the total in the only form that it finds', async () => {
    await satStatus(service()).ask({ ...SOME_QUESTION, issuer: 'A&Ñ010101AA1', total: '0001160.500000' }, never);
    expect(server.asked).to.deep.equal(['?re=A&amp;Ñ010101AA1&rr=XAXX010101000&tt=1160.5&id=6F1D5A2E-0B3C-4D5E-8F90-A1B2C3D4E5F6&fe=u/+uDg==']);
  });

  it('answers in its own words; what it left empty is absent', async () => {
    expect(await service().consult('?x', never)).to.deep.equal({ CodigoEstatus: 'S - Comprobante obtenido satisfactoriamente.', EsCancelable: 'Cancelable con aceptación', Estado: 'Vigente', ValidacionEFOS: '200' });
  });

  it('gives no status by an answer that is not its own', async () => {
    const answer = (body: string): void => server.answers((_expression, response) => response.writeHead(200, { 'content-type': 'text/xml' }).end(body));
    const whole = envelope(IN_FORCE);
    const cases: readonly (readonly [body: string, why: string])[] = [
      ['', 'the answer is no well-formed XML'],
      ['<html><body>mantenimiento<br></body></html>', 'the answer is no well-formed XML'],
      ['<html><body>mantenimiento</body></html>', 'the answer has no result'],
      [whole.slice(0, -20), 'the answer is no well-formed XML'],
      [`<!DOCTYPE s [<!ENTITY e "Vigente">]>${whole}`, 'the answer has a DOCTYPE'],
      [whole.replace('Vigente', '&e;'), 'the answer is no well-formed XML'],
      [`<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>x</faultstring></s:Fault></s:Body></s:Envelope>`, 'the answer has no result'],
      [whole.replaceAll('http://tempuri.org/', 'http://other.example/'), 'the answer has no result'],
      [whole.replaceAll('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'), 'the answer has no result'],
      [`<a>${whole}</a>`, 'the answer has no result'],
      [whole.replace(/<ConsultaResult.*<\/ConsultaResult>/u, (found) => found + found), 'the answer has more than one result'],
      [whole.replace('<a:Estado>', '<a:Estado>Cancelado</a:Estado><a:Estado>'), 'the answer says one thing twice'],
      [whole.replace('Vigente', '<a:Estado>Vigente</a:Estado>'), 'the answer has elements where a text belongs'],
      ['<a>'.repeat(20) + '</a>'.repeat(20), 'the answer has too many elements'],
      [`<a>${'<b/>'.repeat(300)}</a>`, 'the answer has too many elements'],
    ];
    for (const [body, why] of cases) {
      answer(body);
      expect(await reason(), body.slice(0, 60)).to.equal(why);
    }
    server.answers((_expression, response) => response.end(Buffer.from(whole, 'latin1')));
    expect(await reason()).to.equal('the answer is no UTF-8');
  });

  it('says nothing by words of another namespace, or in other elements', async () => {
    const authority = satStatus(service());
    const status = async (body: string): Promise<string> => {
      server.answers((_expression, response) => response.end(body));
      return codeOf(authority.ask(SOME_QUESTION, never));
    };
    expect(await status(envelope(IN_FORCE, 'http://other.example/'))).to.equal('fetch-failed');
    expect(await status(envelope(IN_FORCE).replace(/<a:CodigoEstatus>.*<\/a:ValidacionEFOS>/u, (found) => `<b>${found}</b>`))).to.equal('fetch-failed');
    expect(await status(envelope(IN_FORCE))).to.equal('no error');
  });

  it('is no longer read than an answer can be', async () => {
    const padded = (bytes: number): string => `<!--${'x'.repeat(bytes)}-->${envelope(IN_FORCE)}`;
    server.answers((_expression, response) => response.end(padded(20_000)));
    expect(await reason()).to.equal('answered');
    server.answers((_expression, response) => response.end(padded(70_000)));
    expect(await reason()).to.equal('UND_ERR_RES_EXCEEDED_MAX_SIZE');
    server.answers(async (_expression, response) => {
      response.on('error', () => undefined);
      while (!response.destroyed) {
        response.write('x'.repeat(10_000));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    expect(await reason(), 'without end').to.equal('UND_ERR_RES_EXCEEDED_MAX_SIZE');
  });

  it('is not believed about its length, and not waited for', async () => {
    const body = envelope(IN_FORCE);
    server.answers((_expression, response) => {
      response.writeHead(200, { 'content-length': Buffer.byteLength(body) + 10 }).write(body);
      response.destroy();
    });
    expect(await reason()).not.to.equal('answered');
    server.answers((_expression, response) => response.writeHead(200, { 'content-length': Buffer.byteLength(body) + 10 }).write(body));
    expect(await reason({ idleTimeoutMs: 100 })).to.equal('UND_ERR_BODY_TIMEOUT');
    server.answers(() => undefined);
    expect(await reason({ totalTimeoutMs: 50 })).to.equal('TimeoutError');
    server.answers((_expression, response) => response.destroy());
    expect(await reason()).to.equal('UND_ERR_SOCKET');
    server.answers(async (_expression, response) => {
      while (!response.destroyed) {
        response.write(' ');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    expect(await reason({ totalTimeoutMs: 100 }), 'a little at a time').to.equal('TimeoutError');
  });

  it('is not followed elsewhere, and answers by 200 only', async () => {
    for (const status of [201, 301, 302, 307, 400, 401, 404, 500, 503]) {
      server.answers((_expression, response) => response.writeHead(status, { location: server.address }).end(envelope(IN_FORCE)));
      expect(await reason(), String(status)).to.equal(`the service answered ${status}`);
    }
    expect(server.asked.length).to.equal(9);
  });

  it('is asked again after it was left alone', async () => {
    server.answers((_expression, response) => response.destroy());
    const one = service({ breakerFailures: 2, breakerOpenMs: 20 });
    for (let time = 0; time < 2; time += 1) await codeOf(one.consult('?x', never));
    expect(await codeOf(one.consult('?x', never))).to.equal('upstream-unavailable');
    server.says(IN_FORCE);
    await until(async () => (await codeOf(one.consult('?x', never))) === 'no error');
  });
});

describe('the address of the authority', () => {
  it('is off, on, or one of the operator', () => {
    expect([satStatusAddress('off'), satStatusAddress('on'), satStatusAddress('http://127.0.0.1:1/x')]).to.deep.equal([undefined, SAT_STATUS_ADDRESS, 'http://127.0.0.1:1/x']);
    for (const wrong of ['yes', 'ftp://sat.example/', 'https://user:secret@sat.example/', 'sat.example']) expect(() => satStatusAddress(wrong), wrong).to.throw('neither on nor off');
  });

  it('of no service refuses every question, and none is lost in silence', async () => {
    const server = await SatServer.open();
    const { address } = server;
    server.close();
    const service = new SatStatusService(address);
    expect(await codeOf(service.consult('?x', never))).to.equal('fetch-failed');
    await service.close();
  });
});

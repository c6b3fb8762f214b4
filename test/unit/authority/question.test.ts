import { expect } from 'chai';
import { questionOf } from '../../../write-side/authority/question.js';
import { QuestionReader } from '../../../write-side/authority/question-reader.js';
import { answerOf, expressionOf } from '../../../write-side/authority/sat.js';
import { codeOf } from '../../support/until.js';
import { bytesOf, cfdi, cii, ubl } from '../documents/given.js';

const attribute = (text: string, element: string, name: string): string => new RegExp(`<[^>]*${element}[^>]* ${name}="([^"]*)"`, 'u').exec(text)?.[1] ?? 'none';
const withTotal = (total: string): string => cfdi().replace(/( Total=")[^"]*"/u, `$1${total}"`);
const unaskable = (text: string): unknown => (questionOf(bytesOf(text)) as { unaskable?: string }).unaskable;

describe('what an authority is asked about a document', () => {
  it('is what the document itself says, in both versions', () => {
    const text = cfdi();
    const question = {
      issuer: attribute(text, 'Emisor', 'Rfc'), receiver: attribute(text, 'Receptor', 'Rfc'), total: attribute(text, 'Comprobante', 'Total'), uuid: attribute(text, 'TimbreFiscalDigital', 'UUID').toUpperCase(),
      sealEnd: attribute(text, 'Comprobante', 'Sello').slice(-8),
    };
    expect(questionOf(bytesOf(text))).to.deep.equal(question);
    const old = text.replaceAll('http://www.sat.gob.mx/cfd/4', 'http://www.sat.gob.mx/cfd/3').replace('Version="4.0"', 'Version="3.3"');
    expect(questionOf(bytesOf(old))).to.deep.equal(question);
  });

  it('keeps a total as it is written, however many digits it has', () => {
    expect(questionOf(bytesOf(withTotal('123456789012345678.123450')))).to.include({ total: '123456789012345678.123450' });
  });

  it('is nothing for any other document', () => {
    expect([ubl(), cii(), 'no document', ''].map(unaskable)).to.deep.equal(Array.from({ length: 4 }, () => 'it is no CFDI'));
    expect(unaskable(cfdi().replace(/<tfd:TimbreFiscalDigital[^>]*\/>/u, ''))).to.equal('it has no stamp');
    expect(unaskable(cfdi().replace(/( Sello=")[^"]*"/u, '$1"'))).to.equal('it has no seal');
    for (const total of ['', '1.0000001', '-1', '1e3', '1,5', '1&amp;id=x', '1234567890123456789']) expect(unaskable(withTotal(total)), total).to.equal('its total is no amount of at most six decimals');
  });

  it('has no place for a second question', () => {
    expect(unaskable(cfdi().replace(/(<cfdi:Receptor[^>]* Rfc=")[^"]*"/u, '$1XAXX010101000&amp;id=1"'))).to.equal('issuer or receiver have no RFC');
    expect(unaskable(cfdi().replace(/( Sello=")[^"]*"/u, '$1abc&amp;id=1"'))).to.equal('it has no seal');
  });

  it('comes from a thread when the document is large', async () => {
    const reader = new QuestionReader();
    const [small, large] = [bytesOf(cfdi()), bytesOf(cfdi(400))];
    const never = new AbortController().signal;
    expect(large.length).to.be.greaterThan(64 * 1024);
    expect(await reader.read(small, never)).to.deep.equal(questionOf(small));
    expect(reader.threads).to.equal(0);
    expect(await reader.read(large, never)).to.deep.equal(questionOf(large));
    expect(reader.threads).to.equal(1);
    await reader.close();
  });
});

describe('the expression of the printed code', () => {
  const question = { issuer: 'AAA010101AAA', receiver: 'XAXX010101000', total: '1160.00', uuid: 'U', sealEnd: 'abcd+/==' };
  const total = (written: string): string => /&tt=([^&]*)&/u.exec(expressionOf({ ...question, total: written }))?.[1] ?? 'none';

  it('has the total without zeros that say nothing', () => {
    expect(['1160.00', '1160', '0001160.10', '0.000000', '0', '00', '0.5', '10.000001', '100', '123456789012345678.100000'].map(total)).to.deep.equal(['1160', '1160', '1160.1', '0', '0', '0', '0.5', '10.000001', '100', '123456789012345678.1']);
  });

  it('has its parts in their order, an ampersand of an RFC as an entity', () => {
    expect(expressionOf({ ...question, receiver: 'Ñ&B010101AB1' })).to.equal('?re=AAA010101AAA&rr=Ñ&amp;B010101AB1&tt=1160&id=U&fe=abcd+/==');
  });
});

describe('the words of the SAT', () => {
  const FOUND = 'S - Comprobante obtenido satisfactoriamente.';
  const MISSING = 'N - 602: Comprobante no encontrado.';
  it('are a status when code and state agree', () => {
    expect(answerOf({ CodigoEstatus: FOUND, Estado: 'Vigente' })).to.deep.equal({ status: 'in-force', code: FOUND });
    expect(answerOf({ CodigoEstatus: FOUND, Estado: 'Cancelado', EstatusCancelacion: 'Plazo vencido', ValidacionEFOS: '100', EsCancelable: 'No cancelable' })).to.deep.equal({ status: 'cancelled', code: FOUND, cancellation: 'Plazo vencido', taxpayerList: '100', cancellable: 'No cancelable' });
    expect(answerOf({ CodigoEstatus: MISSING, Estado: 'No  encontrado' }).status).to.equal('not-found');
  });

  it('are none otherwise', async () => {
    for (const said of [
      {}, { Estado: 'Vigente' }, { CodigoEstatus: FOUND }, { CodigoEstatus: FOUND, Estado: 'No Encontrado' }, { CodigoEstatus: MISSING, Estado: 'Vigente' }, { CodigoEstatus: MISSING }, { CodigoEstatus: FOUND, Estado: 'Sustituido' },
      { CodigoEstatus: 'N - 603: Otra cosa.', Estado: 'No Encontrado' }, { CodigoEstatus: `S - ${'x'.repeat(300)}`, Estado: 'Vigente' }, { CodigoEstatus: FOUND, Estado: 'constructor' },
    ]) expect(await codeOf((async () => answerOf(said))()), JSON.stringify(said).slice(0, 60)).to.equal('fetch-failed');
  });

  it('of a refused question are a refusal, whatever stands beside it', () => {
    for (const code of ['N - 601: La expresión impresa proporcionada no es válida.', 'Expresión impresa no válida. Expresión: 601']) {
      expect(() => answerOf({ CodigoEstatus: code, Estado: 'No Encontrado' }), code).to.throw().with.nested.property('detail.final', true);
    }
  });
});

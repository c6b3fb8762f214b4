import { expect } from 'chai';
import { header } from './cfdi/changes.js';
import { cfdi, codesOf, judged, replaced } from './given.js';
import { changed, found, invoice, written, type Given } from './cfdi/given.js';
import { writtenOld } from './cfdi/old.js';

describe('a right CFDI 4.0', () => {

  it('is valid, by catalogues of a day that the verdict names', () => {
    const { verdict } = judged(cfdi());
    expect(verdict).to.deep.include({ verdict: 'valid', findings: [], catalogueDate: '2026-10-01' });
    expect(verdict.checked).to.include.members(['CFDI301', 'CFDI40119', 'CFDI40221']);
  });

  it('tells where, what was expected and what was found, in two languages', () => {
    const [finding] = judged(replaced(cfdi(1), / Total="[^"]+"/u, ' Total="1.00"')).verdict.findings;
    expect(finding).to.deep.include({ code: 'CFDI40119', severity: 'error', path: '/Comprobante/@Total', term: 'Total', found: '1.00' });
    expect(finding?.expected).to.match(/^\d+\.\d\d$/u);
    expect(finding?.message.es).to.include('total');
    expect(finding?.source).to.include('Anexo 20');
  });

  it('says what was not checked: a missing stamp is no refusal', () => {
    const { verdict } = judged(replaced(cfdi(), /<cfdi:Complemento>.*<\/cfdi:Complemento>/u, ''));
    expect(verdict.verdict).to.equal('valid');
    expect(verdict.notChecked.map((entry) => entry.what)).to.include.members(['certificate-chain', 'stamp-seal', 'authority-status']);
  });

  it('names the codes that nobody can decide without a connection, where they could apply', () => {
    const whats = (change: (given: Given) => void): string[] => {
      const given = invoice();
      change(given);
      return judged(written(given)).verdict.notChecked.flatMap(({ what }) => what.split(', ')).filter((what) => what.startsWith('CFDI40'));
    };
    const always = ['CFDI40138', 'CFDI40139', 'CFDI40143', 'CFDI40144', 'CFDI40145', 'CFDI40147', 'CFDI40148', 'CFDI40159', 'CFDI40163', 'CFDI40164'];
    expect(whats(() => undefined)).to.deep.equal(always);
    const all = whats((given) => {
      header({ Moneda: 'USD', TipoCambio: '99', Confirmacion: 'ABC12' })(given);
      Object.assign(given.emisor ?? {}, { FacAtrAdquirente: '0123456789' });
      given.lines[0].inside = '<cfdi:ACuentaTerceros/><cfdi:InformacionAduanera NumeroPedimento="24  24  3420  4000001"/>';
    });
    expect(all).to.include.members([...always, 'CFDI40128', 'CFDI40129', 'CFDI40142', 'CFDI40118', 'CFDI40187', 'CFDI40189', 'CFDI40190', 'CFDI40192', 'CFDI40193', 'CFDI40194']);
  });

  it('counts local taxes into the total', () => {
    const local = (given: Given): void => {
      given.complement = '<implocal:ImpuestosLocales xmlns:implocal="http://www.sat.gob.mx/implocal" version="1.0" TotaldeRetenciones="0.00" TotaldeTraslados="10.00"/>';
    };
    expect(found(changed(['', invoice, local, []]))).to.deep.equal(['CFDI40119']);
    expect(found(changed(['', invoice, (given) => { local(given); header({ Total: '242.00' })(given); }, []]))).to.deep.equal([]);
  });

  it('sums amounts that no float can', () => {
    const given = invoice();
    Object.assign(given.lines[0].attributes, { Cantidad: '1', ValorUnitario: '0.1', Importe: '0.1', ObjetoImp: '01' });
    given.lines[0].traslados = [];
    given.lines.push(given.lines[0], given.lines[0]);
    Object.assign(given, { totals: undefined, traslados: [] });
    Object.assign(given.comprobante, { SubTotal: '0.30', Total: '0.30' });
    expect(found(given)).to.deep.equal([]);
  });
});

describe('a CFDI 3.3', () => {
  it('keeps structure and arithmetic', () => {
    expect(codesOf(writtenOld(invoice()))).to.deep.equal([]);
    expect(codesOf(writtenOld(changed(['', invoice, header({ LugarExpedicion: undefined }), []])))).to.deep.equal(['CFDI301']);
    expect(codesOf(replaced(writtenOld(invoice()), ' Serie="A"', ' Serie="A" Exportacion="01"'))).to.deep.equal(['CFDI301']);
  });
});

import { expect } from 'chai';
import { cfdi, codesOf, judged, replaced } from './given.js';

/** Each case: what is changed in a right CFDI 4.0, and exactly the codes that must be found. */
const CASES: readonly [title: string, from: string | RegExp, to: string, codes: readonly string[]][] = [
  ['a total that does not add up', / Total="[^"]+"/u, ' Total="1.00"', ['CFDI40119']],
  ['a subtotal that is not the sum of its lines', / SubTotal="[^"]+"/u, ' SubTotal="1.00"', ['CFDI40108', 'CFDI40119']],
  ['a subtotal with too many decimals', / SubTotal="([^"]+)"/u, ' SubTotal="$10"', ['CFDI40107']],
  ['a date with a zone', 'T10:00:00"', 'T10:00:00Z"', ['CFDI40101']],
  ['a date that no calendar has', 'Fecha="2026-01-08', 'Fecha="2026-02-30', ['FOLIO-DATE-IMPOSSIBLE']],
  ['a stamp date that no calendar has', 'FechaTimbrado="2026-01-08', 'FechaTimbrado="2026-04-31', ['FOLIO-DATE-IMPOSSIBLE']],
  ['a missing receiver', /<cfdi:Receptor [^>]*\/>/u, '', ['FOLIO-CFDI-STRUCTURE']],
  ['a missing attribute', / LugarExpedicion="[^"]+"/u, '', ['FOLIO-CFDI-STRUCTURE']],
  ['an empty name', /Nombre="[^"]+"/u, 'Nombre=" "', ['FOLIO-CFDI-STRUCTURE']],
  ['another version', 'Version="4.0"', 'Version="4.1"', ['FOLIO-CFDI-VERSION']],
  ['a malformed RFC', /<cfdi:Emisor Rfc="[^"]+"/u, '<cfdi:Emisor Rfc="ABC"', ['FOLIO-CFDI-RFC']],
  ['a malformed folio', /UUID="[^"]+"/u, 'UUID="123"', ['FOLIO-CFDI-STAMP']],
  ['a negative unit price', /ValorUnitario="/u, 'ValorUnitario="-', ['FOLIO-AMOUNT-NEGATIVE']],
  ['an amount of 40 digits', / Total="[^"]+"/u, ` Total="${'9'.repeat(40)}"`, ['FOLIO-AMOUNT-RANGE']],
  ['an amount in scientific notation', / Total="[^"]+"/u, ' Total="1e3"', ['FOLIO-AMOUNT-FORMAT']],
  ['a unit price of zero', /ValorUnitario="[^"]+"/u, 'ValorUnitario="0.00"', ['CFDI40166']],
  ['a discount without line discounts', 'Moneda=', 'Descuento="1.00" Moneda=', ['CFDI40111', 'CFDI40119']],
  ['a line discount that the document does not have', 'ObjetoImp=', 'Descuento="0.10" ObjetoImp=', ['CFDI40111']],
  ['an unknown document type', 'TipoDeComprobante="I"', 'TipoDeComprobante="X"', ['CFDI40121']],
  ['an unknown export code', 'Exportacion="01"', 'Exportacion="09"', ['CFDI40123']],
  ['an unknown payment method', 'MetodoPago="PUE"', 'MetodoPago="XXX"', ['CFDI40124']],
  ['a foreign currency without its rate', 'Moneda="MXN"', 'Moneda="USD"', ['CFDI40115']],
  ['a peso rate other than one', 'Moneda="MXN"', 'Moneda="MXN" TipoCambio="2"', ['CFDI40114']],
  ['a rate of zero', 'Moneda="MXN"', 'Moneda="USD" TipoCambio="0"', ['CFDI40117']],
  ['a tax total that is not the sum of its nodes', /TotalImpuestosTrasladados="[^"]+"/u, 'TotalImpuestosTrasladados="0.01"', ['CFDI40119', 'CFDI40205']],
  ['transferred taxes without their total', / TotalImpuestosTrasladados="[^"]+"/u, '', ['CFDI40119', 'CFDI40212']],
];

describe('the first rules of CFDI 4.0', () => {
  it('find nothing in a right document', () => {
    const { verdict } = judged(cfdi());
    expect(verdict).to.deep.include({ verdict: 'valid', findings: [], ruleSet: 'folio-first@1', catalogueDate: 'none' });
    expect(verdict.checked).to.include('CFDI40119');
  });

  for (const [title, from, to, codes] of CASES) {
    it(`find ${title}`, () => expect(codesOf(replaced(cfdi(), from, to))).to.deep.equal(codes));
  }

  it('tell where, what was expected and what was found, in two languages', () => {
    const [finding] = judged(replaced(cfdi(1), / Total="[^"]+"/u, ' Total="1.00"')).verdict.findings;
    expect(finding).to.deep.include({ code: 'CFDI40119', severity: 'error', path: '/Comprobante/@Total', term: 'Total', found: '1.00' });
    expect(finding?.expected).to.match(/^\d+\.\d\d$/u);
    expect(finding?.message.es).to.include('total');
    expect(finding?.source).to.include('Anexo 20');
  });

  it('name the line of a broken amount', () => {
    const [finding] = judged(replaced(cfdi(3), /(.*)ValorUnitario="/su, '$1ValorUnitario="-')).verdict.findings;
    expect(finding?.path).to.equal('/Comprobante/Conceptos/Concepto[3]/@ValorUnitario');
  });

  it('say what was not checked: a missing seal or stamp is no refusal', () => {
    const { verdict } = judged(replaced(cfdi(), /<cfdi:Complemento>.*<\/cfdi:Complemento>/u, ''));
    expect(verdict.verdict).to.equal('valid');
    expect(verdict.notChecked.map((entry) => entry.what)).to.include.members(['seal', 'stamp-seal', 'catalogues', 'authority-status']);
  });

  it('count local taxes into the total', () => {
    const local = '<implocal:ImpuestosLocales xmlns:implocal="http://www.sat.gob.mx/implocal" version="1.0" TotaldeRetenciones="0.00" TotaldeTraslados="10.00"/>';
    const text = replaced(cfdi(), '<cfdi:Complemento>', `<cfdi:Complemento>${local}`);
    expect(codesOf(text)).to.deep.equal(['CFDI40119']);
    const total = Number(/ Total="([^"]+)"/u.exec(text)?.[1]);
    expect(codesOf(replaced(text, / Total="[^"]+"/u, ` Total="${(total + 10).toFixed(2)}"`))).to.deep.equal([]);
  });

  it('use the codes of 3.3 for a document of 3.3', () => {
    const old = replaced(cfdi().replaceAll('http://www.sat.gob.mx/cfd/4', 'http://www.sat.gob.mx/cfd/3'), 'Version="4.0"', 'Version="3.3"');
    expect(codesOf(old)).to.deep.equal([]);
    expect(codesOf(replaced(old, / Total="[^"]+"/u, ' Total="1.00"'))).to.deep.equal(['CFDI33118']);
  });

  it('demand zero in a transfer', () => {
    const transfer = replaced(replaced(cfdi(), 'TipoDeComprobante="I"', 'TipoDeComprobante="T"'), / MetodoPago="PUE"/u, '');
    expect(codesOf(transfer)).to.deep.equal(['CFDI40109', 'CFDI40119']);
    const zero = replaced(replaced(transfer, / SubTotal="[^"]+"/u, ' SubTotal="0.00"'), / Total="[^"]+"/u, ' Total="0.00"');
    expect(codesOf(zero)).to.deep.equal([]);
    const untaxed = replaced(zero, /<cfdi:Impuestos Total.*?<\/cfdi:Impuestos>/u, '');
    expect(codesOf(replaced(untaxed, 'Moneda="MXN"', 'Moneda="XXX"'))).to.deep.equal([]);
  });
});

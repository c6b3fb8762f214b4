import { expect } from 'chai';
import { cfdi, codesOf, judged, replaced } from './given.js';
import { abroad, changed, discounted, exempt, found, global, invoice, payroll, transfer, withheld, written, type Case, type Given } from './rules-cfdi.given.js';

const set = (attributes: Record<string, string | undefined>) => (given: Given): void => void Object.assign(given.comprobante, attributes);

/** Dates, payment, amounts and currency of `Comprobante`. */
const HEADER_CASES: readonly Case[] = [
  ['a date with a zone', invoice, set({ Fecha: '2025-06-15T10:00:00Z' }), ['CFDI40101']],
  ['a date of another order', invoice, set({ Fecha: '16-03-2025T00:00:00' }), ['CFDI40101']],
  ['no form of payment is asked of a transfer', transfer, set({ FormaPago: '03' }), ['CFDI40103']],
  ['a form of payment in payroll', payroll, set({ FormaPago: '03' }), ['CFDI40103']],
  ['a form of payment in words', invoice, set({ FormaPago: 'EFECTIVO' }), ['CFDI40104']],
  ['a deferred payment whose form is known', invoice, set({ MetodoPago: 'PPD' }), ['CFDI40105']],
  ['a deferred payment without form', invoice, set({ MetodoPago: 'PPD', FormaPago: undefined }), ['CFDI40105']],
  ['a payment at once whose form is not known', invoice, set({ FormaPago: '99' }), ['FOLIO-CFDI-PUE-FORM']],
  ['a subtotal with too many decimals', invoice, set({ SubTotal: '200.000' }), ['CFDI40107']],
  ['a subtotal that is not the sum of its lines', invoice, set({ SubTotal: '199.99' }), ['CFDI40108', 'CFDI40119']],
  ['a subtotal in a transfer', transfer, set({ SubTotal: '200', Moneda: 'XXX' }), ['CFDI40109']],
  ['a discount above the subtotal', discounted, set({ Descuento: '200.01' }), ['CFDI40110', 'CFDI40111', 'CFDI40119']],
  ['a discount that is not the sum of those of the lines', discounted, set({ Descuento: '99.00' }), ['CFDI40111', 'CFDI40119']],
  ['a discount of the lines that the document does not have', discounted, set({ Descuento: undefined, Total: '216.00' }), ['CFDI40111']],
  ['a discount that no line has', invoice, set({ Descuento: '1.00', Total: '231.00' }), ['CFDI40111']],
  ['a discount in a transfer', transfer, set({ Descuento: '0' }), ['CFDI40111']],
  ['a discount in a line of a transfer', transfer, (given) => { given.lines[0].attributes['Descuento'] = '0'; }, ['CFDI40111']],
  ['a discount with too many decimals', discounted, set({ Descuento: '100.000' }), ['CFDI40112']],
  ['a currency that is none', invoice, set({ Moneda: 'MEX', TipoCambio: '1' }), ['CFDI40113']],
  ['payroll in dollars', payroll, set({ Moneda: 'USD', TipoCambio: '18' }), ['CFDI40113']],
  ['a peso rate other than one', invoice, set({ TipoCambio: '2' }), ['CFDI40114']],
  ['a foreign currency without its rate', invoice, set({ Moneda: 'USD' }), ['CFDI40115']],
  ['a rate without currency', transfer, set({ TipoCambio: '1' }), ['CFDI40116']],
  ['a rate with sixteen decimals', invoice, set({ Moneda: 'USD', TipoCambio: '20.0000000000000001' }), ['CFDI40117']],
  ['a rate of zero', invoice, set({ Moneda: 'USD', TipoCambio: '0.000000' }), ['CFDI40117']],
  ['a rate beyond anything', invoice, set({ Moneda: 'USD', TipoCambio: '2000' }), ['CFDI40118']],
  ['a total that does not add up', invoice, set({ Total: '232.01' }), ['CFDI40119']],
  ['a total in a transfer', transfer, set({ Total: '1' }), ['CFDI40119']],
  ['a total of nineteen digits', invoice, set({ Total: '1000000000000000000.00' }), ['CFDI40120', 'CFDI301', 'CFDI40119']],
  ['a document type that is none', invoice, set({ TipoDeComprobante: 'X' }), ['CFDI40121']],
  ['a definitive export without its complement', abroad, set({ Exportacion: '02' }), ['CFDI40122']],
  ['an export code that is none', invoice, set({ Exportacion: '09' }), ['CFDI40123']],
  ['an export code before its time', invoice, set({ Exportacion: '04', Fecha: '2022-01-31T10:00:00' }), ['CFDI40123']],
  ['a payment method that is none', invoice, set({ MetodoPago: 'AHORITA' }), ['CFDI40124']],
  ['a payment method in a transfer', transfer, set({ MetodoPago: 'PUE' }), ['CFDI40125']],
  ['a place of issue in words', invoice, set({ LugarExpedicion: 'MEXICO' }), ['CFDI40126']],
  ['a postal code that nobody has', invoice, set({ LugarExpedicion: '00001' }), ['CFDI40126']],
  ['a confirmation that nothing asks for', invoice, set({ Confirmacion: 'ABC12' }), ['CFDI40127']],
  ['a confirmation of a usual rate', invoice, set({ Moneda: 'USD', TipoCambio: '18.5', Confirmacion: 'ABC12' }), ['CFDI40127']],
];

/** What must not be found: the other side of rules that are easily too strict. */
const RIGHT: readonly Case[] = [
  ['an invoice', invoice, set({}), []],
  ['withheld taxes', withheld, set({}), []],
  ['a discount', discounted, set({}), []],
  ['an exempt line', exempt, set({}), []],
  ['a global invoice', global, set({}), []],
  ['a customer abroad', abroad, set({}), []],
  ['a transfer', transfer, set({}), []],
  ['payroll', payroll, set({}), []],
  ['a credit note', invoice, set({ TipoDeComprobante: 'E' }), []],
  ['a deferred payment', invoice, set({ MetodoPago: 'PPD', FormaPago: '99' }), []],
  ['a peso rate of one, however written', invoice, set({ TipoCambio: '1.000000' }), []],
  ['zeros with decimals where the currency has none', transfer, set({ SubTotal: '0.00', Total: '0.000000' }), []],
  ['yen', invoice, (given) => {
    set({ Moneda: 'JPY', TipoCambio: '0.13', SubTotal: '200', Total: '232' })(given);
    Object.assign(given.traslados[0] ?? {}, { Base: '200', Importe: '32' });
    given.totals = { TotalImpuestosTrasladados: '32' };
  }, []],
  ['a rate that needed a confirmation', invoice, set({ Moneda: 'USD', TipoCambio: '2000', Confirmacion: 'ABC12' }), []],
  ['a discount of nothing', invoice, set({ Descuento: '0.00' }), []],
  ['white space that the schema collapses', invoice, (given) => { given.lines[0].attributes['Descripcion'] = ' Llave  '; }, []],
];

describe('the header of a CFDI 4.0', () => {
  for (const item of HEADER_CASES) it(`is not right with ${item[0]}`, () => expect(found(changed(item))).to.have.members(item[3]));
});

describe('a right CFDI 4.0', () => {
  for (const item of RIGHT) it(`may be ${item[0]}`, () => expect(found(changed(item))).to.deep.equal([]));

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
      set({ Moneda: 'USD', TipoCambio: '99', Confirmacion: 'ABC12' })(given);
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
    expect(found(changed(['', invoice, (given) => { local(given); set({ Total: '242.00' })(given); }, []]))).to.deep.equal([]);
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
  const old = (): string => {
    const text = cfdi().replaceAll('http://www.sat.gob.mx/cfd/4', 'http://www.sat.gob.mx/cfd/3').replaceAll(' ObjetoImp="02"', '');
    const attributes = / (?:Exportacion|DomicilioFiscalReceptor|RegimenFiscalReceptor)="[^"]*"/gu;
    return replaced(text.replaceAll(attributes, ''), 'Version="4.0"', 'Version="3.3"').replace(/(<cfdi:Traslados><cfdi:Traslado) Base="[^"]*"(?=[^>]*\/><\/cfdi:Traslados><\/cfdi:Impuestos><cfdi:Complemento>)/u, '$1');
  };

  it('keeps structure and arithmetic, with the codes of 3.3', () => {
    expect(codesOf(old())).to.deep.equal([]);
    expect(codesOf(replaced(old(), / Total="[^"]+"/u, ' Total="1.00"'))).to.deep.equal(['CFDI33118']);
    expect(codesOf(replaced(old(), ' Serie="B"', ' Serie="B" Exportacion="01"'))).to.deep.equal(['CFDI301']);
  });
});

import { expect } from 'chai';
import { codesOf, judged, replaced } from './given.js';
import { changed, found, invoice, withheld, written, type Case, type Given } from './rules-cfdi.given.js';

const set = (attributes: Record<string, string | undefined>) => (given: Given): void => void Object.assign(given.comprobante, attributes);
const line = (attributes: Record<string, string | undefined>) => (given: Given): void => void Object.assign(given.lines[0].attributes, attributes);

/** Each breaks the schema and no other rule. */
const CASES: readonly Case[] = [
  ['another version', invoice, set({ Version: '4.1' }), []],
  ['no place of issue', invoice, set({ LugarExpedicion: undefined }), []],
  ['no export code', invoice, set({ Exportacion: undefined }), []],
  ['an attribute that the schema does not have', invoice, set({ Version2: '1' }), []],
  ['an attribute in another case', invoice, (given) => void Object.assign(given.lines[0].traslados[0] ?? {}, { tasaOCuota: '0.160000' }), []],
  ['an attribute of an object', invoice, set({ constructor: 'x' }), []],
  ['a series that is too long', invoice, set({ Serie: 'S'.repeat(26) }), []],
  ['an empty folio', invoice, set({ Folio: '' }), []],
  ['a bar in a text', invoice, line({ Descripcion: 'a|b' }), []],
  ['a description that is too long', invoice, line({ Descripcion: 'x'.repeat(1_001) }), []],
  ['a confirmation of four characters', invoice, set({ Confirmacion: 'ABCD', Moneda: 'USD', TipoCambio: '99' }), []],
  ['no issuer', invoice, (given) => { given.emisor = undefined; }, []],
  ['no receiver', invoice, (given) => { given.receptor = undefined; }, []],
  ['an empty name', invoice, (given) => void Object.assign(given.emisor ?? {}, { Nombre: ' ' }), []],
  ['a malformed RFC', invoice, (given) => void Object.assign(given.emisor ?? {}, { Rfc: 'ABC' }), []],
  ['a domicile of four digits', invoice, (given) => void Object.assign(given.receptor ?? {}, { DomicilioFiscalReceptor: '7200' }), []],
  ['an amount in scientific notation', invoice, set({ Total: '2.32e2' }), []],
  ['a negative amount', invoice, line({ ValorUnitario: '-100.00' }), []],
  ['an amount of seven decimals', invoice, line({ ValorUnitario: '100.0000001' }), []],
  ['a quantity that is no number', invoice, line({ Cantidad: 'dos' }), []],
  ['a related document that has no folio', invoice, (given) => { given.related = '<cfdi:CfdiRelacionados TipoRelacion="01"><cfdi:CfdiRelacionado UUID="1"/></cfdi:CfdiRelacionados>'; }, []],
  ['a relation to nothing', invoice, (given) => { given.related = '<cfdi:CfdiRelacionados TipoRelacion="01"/>'; }, []],
  ['a third party without name', invoice, (given) => {
    given.lines[0].inside = '<cfdi:ACuentaTerceros RfcACuentaTerceros="CDS190822TB3" RegimenFiscalACuentaTerceros="601" DomicilioFiscalACuentaTerceros="97000"/>';
  }, []],
  ['a property number with a dash', invoice, (given) => { given.lines[0].inside = '<cfdi:CuentaPredial Numero="1-2"/>'; }, []],
  ['a part without description', invoice, (given) => { given.lines[0].inside = '<cfdi:Parte ClaveProdServ="27111700" Cantidad="1"/>'; }, []],
  ['a withholding without rate', withheld, (given) => { delete given.lines[0].retenciones[0]?.['TasaOCuota']; }, []],
];

describe('the structure of a CFDI 4.0', () => {
  for (const item of CASES) it(`is not right with ${item[0]}`, () => expect(found(changed(item))).to.deep.equal(['CFDI301']));

  const paths = (text: string): string[] => judged(text).verdict.findings.filter(({ code }) => code === 'CFDI301').map(({ path, expected }) => `${path}: ${expected}`);

  it('has no other elements, neither of its own namespace nor of another', () => {
    const text = replaced(written(invoice()), '<cfdi:Emisor', '<cfdi:Foo/><x:Bar xmlns:x="urn:x"><cfdi:Receptor/></x:Bar><cfdi:Emisor');
    expect(paths(text)).to.deep.equal(['/Comprobante/Foo: no such element', '/Comprobante/Bar: no such element']);
    expect(paths(replaced(written(invoice()), '</cfdi:Concepto>', '<cfdi:Nota/></cfdi:Concepto>'))).to.deep.equal(['/Comprobante/Conceptos/Concepto[1]/Nota: no such element']);
    expect(paths(replaced(written(invoice()), '</cfdi:Traslado>', '<cfdi:Nota/></cfdi:Traslado>'))).to.deep.equal(['/Comprobante/Conceptos/Concepto[1]/Impuestos/Traslados/Traslado/Nota: no such element']);
  });

  it('has an order', () => {
    const text = written(withheld());
    const swapped = text.replace(/(<cfdi:Emisor.*?<\/cfdi:Emisor>)(<cfdi:Receptor.*?<\/cfdi:Receptor>)/u, '$2$1');
    expect(paths(swapped)).to.deep.equal(['/Comprobante/Emisor: the order of the schema']);
    const taxes = text.replace(/(<cfdi:Traslados>.*?<\/cfdi:Traslados>)(<cfdi:Retenciones>.*?<\/cfdi:Retenciones>)/u, '$2$1');
    expect(paths(taxes)).to.deep.equal(['/Comprobante/Conceptos/Concepto[1]/Impuestos/Traslados: the order of the schema']);
    const inside = written(changed(['', invoice, (given) => { given.lines[0].inside = '<cfdi:CuentaPredial Numero="1"/><cfdi:InformacionAduanera NumeroPedimento="24  24  3420  4000001"/>'; }, []]));
    expect(paths(inside)).to.deep.equal(['/Comprobante/Conceptos/Concepto[1]/InformacionAduanera: the order of the schema']);
  });

  it('has each element as often as it may be there', () => {
    const twice = (name: RegExp): string[] => paths(replaced(written(withheld()), name, '$&$&'));
    expect(twice(/<cfdi:Receptor.*?<\/cfdi:Receptor>/u)).to.deep.equal(['/Comprobante/Receptor: exactly one']);
    expect(twice(/<cfdi:Conceptos>.*?<\/cfdi:Conceptos>/u)).to.include('/Comprobante/Conceptos: exactly one');
    expect(paths(written(changed(['', invoice, (given) => { given.end = '<cfdi:Addenda/><cfdi:Addenda/>'; }, []])))).to.deep.equal(['/Comprobante/Addenda: exactly one']);
  });

  it('says nothing of what an addenda or a complement holds', () => {
    const given = invoice();
    given.complement = '<x:Any xmlns:x="urn:x"><cfdi:Foo/></x:Any>';
    given.end = '<cfdi:Addenda><cfdi:Emisor/><Foo/></cfdi:Addenda>';
    expect(found(given)).to.deep.equal([]);
  });

  it('names at most a hundred elements that stand where the schema has none', () => {
    expect(paths(replaced(written(invoice()), '<cfdi:Emisor', `${'<cfdi:Foo/>'.repeat(5_000)}<cfdi:Emisor`)).length).to.be.at.most(100);
  });

  it('does not remember the document before', () => {
    expect(codesOf(written(withheld()).slice(0, 900))).to.deep.equal(['FOLIO-XML-MALFORMED']);
    expect(found(withheld())).to.deep.equal([]);
  });

  it('needs a folio of the stamp that is one', () => {
    const given = invoice();
    given.complement = '<tfd:TimbreFiscalDigital xmlns:tfd="http://www.sat.gob.mx/TimbreFiscalDigital" Version="1.1" UUID="123"/>';
    expect(codesOf(written(given))).to.include('FOLIO-CFDI-STAMP');
  });

  it('needs days that the calendar has', () => {
    expect(found(changed(['', invoice, set({ Fecha: '2025-02-30T10:00:00' }), []]))).to.deep.equal(['FOLIO-DATE-IMPOSSIBLE']);
  });
});

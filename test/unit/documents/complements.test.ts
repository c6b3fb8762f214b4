import { expect } from 'chai';
import { judgeRule, READ_LIMITS, readDocument, type CfdiDocument } from '../../../write-side/documents/index.js';
import { bytesOf, cfdi, readWell, replaced, ubl } from './given.js';

const documentOf = (text: string): CfdiDocument => {
  const { document } = readWell(text);
  if (document.syntax !== 'cfdi') throw new Error('not a CFDI');
  return document;
};
const complemented = (inside: string): string => replaced(cfdi(1), '<cfdi:Complemento>', `<cfdi:Complemento>${inside}`);
const PAYMENTS = '<p:Pagos xmlns:p="http://www.sat.gob.mx/Pagos20" Version="2.0" p:odd="1"><p:Totales MontoTotalPagos="1.00"/><p:Pago Monto="1.00"><p:DoctoRelacionado NumParcialidad="1"/> text <![CDATA[and more]]></p:Pago></p:Pagos>';

describe('what lies in the complements of a CFDI', () => {
  it('is kept whole, in its order, with the stamp among it', () => {
    const { complements, timbre } = documentOf(complemented(PAYMENTS));
    expect(complements.map(({ local }) => local)).to.deep.equal(['Pagos', 'TimbreFiscalDigital']);
    const [payments] = complements;
    expect(payments).to.deep.include({ uri: 'http://www.sat.gob.mx/Pagos20', attributes: { Version: '2.0' }, text: '' });
    expect(payments?.children.map(({ local, text, children }) => [local, text, children.length])).to.deep.equal([['Totales', '', 0], ['Pago', 'text and more', 1]]);
    expect(timbre?.UUID).to.be.a('string');
  });

  it('is not taken for the document, whatever it is called', () => {
    const { comprobante, conceptos, repeated } = documentOf(complemented('<cfdi:Emisor Rfc="X"/><o:Other xmlns:o="urn:o"><cfdi:Concepto Importe="1"/><cfdi:Complemento><cfdi:Emisor/></cfdi:Complemento></o:Other>'));
    expect([comprobante.Version, conceptos.length, repeated]).to.deep.equal(['4.0', 1, []]);
  });

  it('and of the lines: third parties, customs, properties, parts and what is added to a line', () => {
    const line = '<cfdi:Impuestos/><cfdi:ACuentaTerceros RfcACuentaTerceros="XAXX010101000"/><cfdi:InformacionAduanera NumeroPedimento="1"/><cfdi:CuentaPredial Numero="2"/><cfdi:CuentaPredial Numero="3"/>'
      + '<cfdi:ComplementoConcepto><i:instEducativas xmlns:i="http://www.sat.gob.mx/iedu" version="1.0"/></cfdi:ComplementoConcepto><cfdi:Parte Cantidad="4"><cfdi:InformacionAduanera NumeroPedimento="5"/></cfdi:Parte><cfdi:Parte Cantidad="6"/>';
    const [concepto] = documentOf(replaced(cfdi(1), /<cfdi:Impuestos>.*?<\/cfdi:Impuestos>/u, line)).conceptos;
    expect(concepto).to.deep.include({
      hasTaxes: true, traslados: [], thirdParty: { RfcACuentaTerceros: 'XAXX010101000' }, customs: [{ NumeroPedimento: '1' }], properties: [{ Numero: '2' }, { Numero: '3' }],
      parts: [{ attributes: { Cantidad: '4' }, customs: [{ NumeroPedimento: '5' }] }, { attributes: { Cantidad: '6' }, customs: [] }],
    });
    expect(concepto?.complements.map(({ local }) => local)).to.deep.equal(['instEducativas']);
  });

  it('is bounded', () => {
    const read = readDocument(bytesOf(complemented(`<x:Y xmlns:x="urn:x">${'<x:Z/>'.repeat(20)}</x:Y>`)), { ...READ_LIMITS, captured: 20 });
    expect(read).to.include({ kind: 'unreadable', code: 'limit-elements' });
  });
});

describe('one rule by its code', () => {
  it('looks at a document that is not whole, and at nothing else of it', () => {
    const fragment = readWell('<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>');
    expect(judgeRule('BR-02', fragment)?.map(({ code }) => code)).to.deep.equal(['BR-02']);
    expect(judgeRule('BR-02', readWell(ubl()))).to.deep.equal([]);
  });

  it('is not one of another kind of document', () => {
    expect(judgeRule('CFDI40108', readWell(ubl()))).to.equal(undefined);
    expect(judgeRule('CFDI40108', readWell(cfdi()))).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { verify, X509Certificate } from 'node:crypto';
import { SaxesParser } from 'saxes';
import { demoDocuments, generatedCfdi, type DemoDocument } from '../../../cli/demo/index.js';
import { judge, readDocument } from '../../../write-side/documents/index.js';

const codes = (bytes: Uint8Array): string[] => Object.keys(judge(readDocument(bytes), { now: () => 0 }).verdict.findingCounts);

/** The value of an attribute as a parser sees it. */
function attribute(bytes: Uint8Array, element: string, name: string): string {
  let found = '';
  const parser = new SaxesParser();
  parser.on('opentag', (tag) => {
    if (tag.name === element) found = tag.attributes[name] ?? found;
  });
  parser.write(Buffer.from(bytes).toString('utf8')).close();
  return found;
}

/** The order in which the SAT's transformation visits the elements that the demonstration uses. */
const ORDER: Readonly<Record<string, readonly string[]>> = {
  'cfdi:Comprobante': ['Version', 'Serie', 'Folio', 'Fecha', 'FormaPago', 'NoCertificado', 'SubTotal', 'Descuento', 'Moneda', 'TipoCambio', 'Total', 'TipoDeComprobante', 'Exportacion', 'MetodoPago', 'LugarExpedicion'],
  'cfdi:Emisor': ['Rfc', 'Nombre', 'RegimenFiscal'],
  'cfdi:Receptor': ['Rfc', 'Nombre', 'DomicilioFiscalReceptor', 'RegimenFiscalReceptor', 'UsoCFDI'],
  'cfdi:Concepto': ['ClaveProdServ', 'Cantidad', 'ClaveUnidad', 'Descripcion', 'ValorUnitario', 'Importe', 'Descuento', 'ObjetoImp'],
  'cfdi:Traslado': ['Base', 'Impuesto', 'TipoFactor', 'TasaOCuota', 'Importe'],
  'cfdi:Retencion': ['Base', 'Impuesto', 'TipoFactor', 'TasaOCuota', 'Importe'],
};

/** The cadena original, built from the bytes alone and independently of the generator. */
function cadena(bytes: Uint8Array): string {
  const fields: string[] = [];
  const totals: Record<string, string | undefined> = {};
  let inConcepts = false;
  const parser = new SaxesParser();
  parser.on('opentag', (tag) => {
    if (tag.name === 'cfdi:Conceptos') inConcepts = true;
    if (tag.name === 'cfdi:Impuestos' && !inConcepts) Object.assign(totals, tag.attributes);
    for (const name of ORDER[tag.name] ?? []) {
      const value = tag.attributes[name];
      if (value !== undefined) fields.push(value);
    }
  });
  parser.on('closetag', (tag) => {
    if (tag.name === 'cfdi:Conceptos') inConcepts = false;
    const total = { 'cfdi:Retenciones': totals['TotalImpuestosRetenidos'], 'cfdi:Traslados': totals['TotalImpuestosTrasladados'] }[tag.name];
    if (total !== undefined && !inConcepts) fields.push(total);
  });
  parser.write(Buffer.from(bytes).toString('utf8')).close();
  return `||${fields.join('|')}||`;
}

describe('the demo documents', () => {
  let documents: DemoDocument[];
  before(async () => {
    documents = await demoDocuments(1);
  });
  const cfdis = (): DemoDocument[] => documents.filter((document) => document.name.startsWith('cfdi-'));

  it('are about two dozen, each with a name of its own', () => {
    expect(documents).to.have.length(24);
    expect(new Set(documents.map((document) => document.name)).size).to.equal(24);
  });

  it('are valid unless they were broken on purpose', () => {
    for (const document of documents) expect(codes(document.bytes).length > 0, document.name).to.equal(document.broken !== undefined);
  });

  it('are broken in the way they say', () => {
    const found = Object.fromEntries(documents.filter((document) => document.broken !== undefined).map((document) => [document.name, codes(document.bytes)]));
    expect(found).to.deep.equal({
      'cfdi-broken-total.xml': ['CFDI40119'],
      'cfdi-broken-subtotal.xml': ['CFDI40108', 'CFDI40119'],
      'cfdi-broken-receiver.xml': ['CFDI301'],
      'cfdi-broken-date.xml': ['FOLIO-DATE-IMPOSSIBLE'],
      'cfdi-broken-negative.xml': ['CFDI301'],
      'ubl-broken-due.xml': ['BR-CO-16'],
      'ubl-broken-buyer.xml': ['BR-07', 'BR-10'],
      'cii-broken-date.xml': ['FOLIO-DATE-IMPOSSIBLE'],
    });
  });

  it('carry seals that verify with the certificate in the document', () => {
    for (const { name, bytes } of cfdis()) {
      const certificate = new X509Certificate(Buffer.from(attribute(bytes, 'cfdi:Comprobante', 'Certificado'), 'base64'));
      const seal = Buffer.from(attribute(bytes, 'cfdi:Comprobante', 'Sello'), 'base64');
      expect(verify('RSA-SHA256', Buffer.from(cadena(bytes)), certificate.publicKey, seal), name).to.equal(true);
    }
  });

  it('carry a certificate whose serial spells its number and whose subject names the issuer', () => {
    for (const { name, bytes } of cfdis()) {
      const certificate = new X509Certificate(Buffer.from(attribute(bytes, 'cfdi:Comprobante', 'Certificado'), 'base64'));
      expect(Buffer.from(certificate.serialNumber, 'hex').toString('ascii'), name).to.equal(attribute(bytes, 'cfdi:Comprobante', 'NoCertificado'));
      expect(certificate.subject, name).to.include(attribute(bytes, 'cfdi:Emisor', 'Rfc'));
    }
  });

  it('carry a stamp that repeats the seal', () => {
    for (const { bytes } of cfdis()) expect(attribute(bytes, 'tfd:TimbreFiscalDigital', 'SelloCFD')).to.equal(attribute(bytes, 'cfdi:Comprobante', 'Sello'));
  });

  it('are the same for the same seed, seals included', async () => {
    expect(await demoDocuments(1)).to.deep.equal(documents);
    expect(await demoDocuments(2)).not.to.deep.equal(documents);
  });
});

describe('generated CFDI for bulk tests', () => {
  it('are valid, and each has its own folio', () => {
    const made = Array.from({ length: 200 }, (_, index) => generatedCfdi({ index, lines: (index % 5) + 1 }));
    expect(made.flatMap(codes)).to.deep.equal([]);
    expect(new Set(made.map((bytes) => attribute(bytes, 'tfd:TimbreFiscalDigital', 'UUID'))).size).to.equal(200);
  });

  it('are the same bytes for the same index', () => expect(generatedCfdi({ index: 5 })).to.deep.equal(generatedCfdi({ index: 5 })));
});

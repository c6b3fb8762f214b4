import { expect } from 'chai';
import { identityKey } from '#contracts/invoice/identity.js';
import { readDocument } from '../../../write-side/documents/index.js';
import { bytesOf, cfdi, cii, readWell, replaced, ubl } from './given.js';

describe('a CFDI is read into facts', () => {
  it('says its parties, amounts, dates and lines as written', () => {
    const { format, facts } = readWell(cfdi(3));
    expect(format).to.equal('cfdi-4.0');
    expect(facts).to.include({ documentType: 'I', series: 'B', number: '7', currency: 'MXN', lineCount: 3, issuanceDay: '2026-01-08', descriptionsTruncated: false });
    expect(facts.issuer.id).to.equal('PDN200615RV4');
    expect(facts.receiver.name).to.equal('TALLERES DEMO MEXICANOS');
    expect(facts.dates).to.deep.equal({ issued: '2026-01-08T10:00:00', stamped: '2026-01-08T11:00:00' });
    expect(facts.taxes).to.have.length(1);
    expect(facts.taxes[0]).to.include({ tax: '002', kind: 'transferred', factor: 'Tasa', rate: '0.160000' });
    expect(facts.descriptions).to.have.length(3);
  });

  it('keeps the fiscal UUID in upper case, and is identified by it', () => {
    const lower = replaced(cfdi(), /UUID="([^"]+)"/u, `UUID="${'abcdef01-2345-4678-a9bc-def012345678'}"`);
    const { facts, identity } = readWell(lower);
    expect(facts.uuid).to.equal('ABCDEF01-2345-4678-A9BC-DEF012345678');
    expect(identityKey(identity)).to.equal('cfdi|ABCDEF01-2345-4678-A9BC-DEF012345678');
  });

  it('is not identified by a stamp outside its place', () => {
    const moved = replaced(replaced(cfdi(), /<cfdi:Complemento>/u, '<cfdi:Addenda>'), '</cfdi:Complemento>', '</cfdi:Addenda>');
    expect(readWell(moved).facts.uuid).to.equal(undefined);
  });

  it('reads version 3.3 as its own format', () => {
    const old = replaced(cfdi().replaceAll('http://www.sat.gob.mx/cfd/4', 'http://www.sat.gob.mx/cfd/3'), 'Version="4.0"', 'Version="3.3"');
    expect(readWell(old).format).to.equal('cfdi-3.3');
  });

  it('leaves out an amount that is none', () => {
    expect(readWell(replaced(cfdi(), / Total="[^"]+"/u, ' Total="1e9"')).facts.total).to.equal(undefined);
  });

  it('keeps distinct descriptions only, up to their bytes', () => {
    const same = readWell(cfdi(70)).facts;
    expect(same.descriptions).to.have.length(7);
    const long = readWell(replaced(cfdi(1), /Descripcion="[^"]+"/u, `Descripcion="${'ñ'.repeat(1_001)}"`)).facts;
    expect(long.descriptions[0]).to.have.length(1_000);
    expect(long.descriptionsTruncated).to.equal(true);
  });
});

describe('UBL and CII are read into the same facts', () => {
  it('differs only in the format and in how dates are written', () => {
    const [left, right] = [readWell(ubl()).facts, readWell(cii()).facts];
    expect(left.format).to.equal('ubl-2.1');
    expect(right.format).to.equal('cii');
    expect(left.dates.issued).to.equal('2026-03-14');
    expect(right.dates.issued).to.equal('20260314');
    expect({ ...left, format: '', dates: {} }).to.deep.equal({ ...right, format: '', dates: {} });
    expect(left).to.include({ number: 'R-1', documentType: '380', currency: 'EUR', subtotal: '159.97', total: '190.36', issuanceDay: '2026-03-14', lineCount: 2 });
    expect(left.taxes).to.deep.equal([{ tax: 'VAT', kind: 'transferred', factor: 'S', rate: '19', base: '159.97', amount: '30.39' }]);
  });

  it('reads a credit note', () => {
    expect(readWell(ubl({ type: '381' })).facts).to.include({ documentType: '381', lineCount: 2 });
  });

  it('identifies by seller, number, type and date', () => {
    expect(identityKey(readWell(ubl()).identity)).to.equal('en|DE123456788|R-1|380|2026-03-14');
  });

  it('reads elements whatever prefix their namespace has', () => {
    const renamed = ubl().replaceAll('cbc:', 'b:').replaceAll('xmlns:cbc', 'xmlns:b');
    expect(readWell(renamed).facts).to.deep.equal(readWell(ubl()).facts);
  });

  it('ignores elements of a foreign namespace with a known name', () => {
    const foreign = replaced(ubl(), '<cbc:ID>R-1</cbc:ID>', '<x:ID xmlns:x="urn:x">X</x:ID><cbc:ID>R-1</cbc:ID>');
    expect(readWell(foreign).facts.number).to.equal('R-1');
  });

  it('joins text that a CDATA section or a comment parts', () => {
    expect(readWell(replaced(ubl(), '<cbc:Name>Silla', '<cbc:Name>Si<!-- x --><![CDATA[ll&]]>a')).facts.descriptions[0]).to.equal('Sill&a');
  });
});

describe('a document that Folio does not process is named', () => {
  const cases: [string, string, string][] = [
    ['CFDI 3.2', '<cfdi:Comprobante xmlns:cfdi="http://www.sat.gob.mx/cfd/3" version="3.2"/>', 'Comprobante 3.2 {http://www.sat.gob.mx/cfd/3}'],
    ['Retenciones', '<r:Retenciones xmlns:r="http://www.sat.gob.mx/esquemas/retencionpago/2" Version="2.0"/>', 'Retenciones 2.0 {http://www.sat.gob.mx/esquemas/retencionpago/2}'],
    ['a fragment without its namespace', '<cfdi:Comprobante><cfdi:Emisor/></cfdi:Comprobante>', 'cfdi:Comprobante'],
    ['an element of no namespace', '<testSet/>', 'testSet'],
  ];
  for (const [name, text, root] of cases) {
    it(`names ${name}`, () => expect(readDocument(bytesOf(text))).to.deep.equal({ kind: 'unsupported', root }));
  }

  it('bounds the name', () => {
    const read = readDocument(bytesOf(`<${'a'.repeat(5_000)}/>`));
    expect(read.kind === 'unsupported' && read.root.length).to.equal(200);
  });
});

import { expect } from 'chai';
import { readDocument, READ_LIMITS } from '../../../write-side/documents/index.js';
import { bytesOf, cfdi, codesOf, judged, readWell, replaced, ubl } from './given.js';

const codeOf = (text: string | Uint8Array): string => {
  const read = readDocument(typeof text === 'string' ? bytesOf(text) : text);
  return read.kind === 'unreadable' ? read.code : read.kind;
};
const addenda = (content: string): string => replaced(cfdi(), '</cfdi:Comprobante>', `<cfdi:Addenda>${content}</cfdi:Addenda></cfdi:Comprobante>`);
const withDoctype = (doctype: string): string => replaced(cfdi(), '?>', `?>${doctype}`);

describe('hostile input is refused by name', () => {
  it('refuses ten thousand nested elements', () => expect(codeOf(addenda('<a>'.repeat(10_000) + '</a>'.repeat(10_000)))).to.equal('limit-depth'));
  it('refuses a DOCTYPE', () => expect(codeOf(withDoctype('<!DOCTYPE x>'))).to.equal('doctype'));
  it('refuses an external entity', () => expect(codeOf(withDoctype('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'))).to.equal('doctype'));
  it('refuses an entity bomb', () => {
    const levels = Array.from({ length: 10 }, (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`).join('');
    expect(codeOf(withDoctype(`<!DOCTYPE x [<!ENTITY e0 "ha">${levels}]>`))).to.equal('doctype');
  });
  it('refuses an entity that nobody declared', () => expect(codeOf(addenda('&boom;'))).to.equal('malformed'));
  it('refuses a character that XML does not have', () => expect(codeOf(addenda('&#x110000;\u0001'))).to.equal('malformed'));
  it('refuses a truncated document', () => expect(codeOf(cfdi().slice(0, 900))).to.equal('malformed'));
  it('refuses tags that do not match', () => expect(codeOf(addenda('<a><b></a></b>'))).to.equal('malformed'));
  it('refuses content after the root', () => expect(codeOf(`${cfdi()}<x/>`)).to.equal('malformed'));
  it('refuses no bytes', () => expect(codeOf(new Uint8Array())).to.equal('empty'));
  it('refuses bytes that are no XML', () => expect(codeOf('%PDF-1.7')).to.equal('malformed'));
  it('refuses too many bytes', () => expect(codeOf(new Uint8Array(READ_LIMITS.bytes + 1))).to.equal('limit-bytes'));
  it('refuses too many attributes', () => {
    const attributes = Array.from({ length: 257 }, (_, index) => ` a${index}="x"`).join('');
    expect(codeOf(addenda(`<a${attributes}/>`))).to.equal('limit-attributes');
  });
  it('refuses too many elements', () => {
    const read = readDocument(bytesOf(addenda('<a/>'.repeat(2_000))), { ...READ_LIMITS, elements: 1_000 });
    expect(read).to.include({ kind: 'unreadable', code: 'limit-elements' });
  });
  it('refuses a value that is too long, in an attribute and in text', () => {
    expect(codeOf(replaced(cfdi(), 'Serie="B"', `Serie="${'B'.repeat(65_537)}"`))).to.equal('limit-text');
    expect(codeOf(replaced(ubl(), '>Silla<', `>${'S'.repeat(65_537)}<`))).to.equal('limit-text');
  });

  it('skips a large attachment', () => {
    const attachment = `<cac:AdditionalDocumentReference><cbc:EmbeddedDocumentBinaryObject>${'QUJD'.repeat(250_000)}</cbc:EmbeddedDocumentBinaryObject></cac:AdditionalDocumentReference>`;
    expect(readWell(replaced(ubl(), '<cac:AccountingSupplierParty>', `${attachment}<cac:AccountingSupplierParty>`)).facts.number).to.equal('R-1');
  });

  it('reads attributes with the names of object members as any other', () => {
    expect(readWell(replaced(cfdi(), 'Serie="B"', 'Serie="B" constructor="x" __proto__="y" toString="z"')).facts.series).to.equal('B');
  });

  it('keeps the first of two receivers and says that there are two', () => {
    const doubled = replaced(cfdi(), '<cfdi:Conceptos>', '<cfdi:Receptor Rfc="XAXX010101000"/><cfdi:Conceptos>');
    expect(readWell(doubled).facts.receiver.id).to.equal('TDM170930JK6');
    expect(codesOf(doubled)).to.deep.equal(['CFDI301']);
  });
});

describe('a hundred thousand lines', () => {
  const LINES = 100_000;
  const concept = (attributes: string): string => `<cfdi:Concepto ${attributes}/>`;
  const withLines = (line: string): string => replaced(cfdi(1), /<cfdi:Conceptos>.*<\/cfdi:Conceptos>/u, `<cfdi:Conceptos>${line.repeat(LINES)}</cfdi:Conceptos>`);

  it('are read and summed', () => {
    const line = concept('ClaveProdServ="01010101" Cantidad="1" ClaveUnidad="H87" Descripcion="X" ValorUnitario="1.00" Importe="1.00" ObjetoImp="01"');
    const text = replaced(replaced(withLines(line), / SubTotal="[^"]+"/u, ` SubTotal="${LINES}.00"`), / Total="[^"]+"/u, ' Total="1.00"');
    expect(readWell(text).facts.lineCount).to.equal(LINES);
    // The taxes of the document are not those of these lines, which have none.
    expect(codesOf(text)).to.deep.equal(['CFDI40119', 'CFDI40215', 'CFDI40221']);
  });

  it('that are all broken give a verdict that fits an event and hides no other finding', () => {
    const { verdict, allFindings } = judged(withLines(concept('Importe="-1" ValorUnitario="x" Descripcion="&quot;&quot;&quot;&quot;&quot;&quot;&quot;&quot;"')));
    expect(verdict.verdict).to.equal('invalid');
    expect(verdict.findings.length).to.be.within(1, 200);
    expect(Buffer.byteLength(JSON.stringify(verdict))).to.be.below(200_000);
    // Two values without their form, four attributes missing.
    expect(verdict.findingCounts['CFDI301']).to.equal(LINES * 6);
    expect(new Set(verdict.findings.map((finding) => finding.code))).to.deep.equal(new Set(Object.keys(verdict.findingCounts)));
    expect(allFindings.length).to.be.below(200_000);
  });

  it('and as many VAT totals, related documents or payments take no longer each than one of them', () => {
    const shapes = ['<cac:TaxTotal><cac:TaxSubtotal/></cac:TaxTotal>', '<cac:AllowanceCharge/>', '<cac:BillingReference/>', '<cac:PaymentMeans/>'];
    for (const shape of shapes) expect(judged(replaced(ubl(), '<cac:AccountingSupplierParty>', `${shape.repeat(LINES)}<cac:AccountingSupplierParty>`)).verdict.verdict).not.to.equal('unreadable');
  });

  it('of allowances of one line are all read: their sum is judged', () => {
    const allowance = '<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">0.00</cbc:Amount></cac:AllowanceCharge>';
    const { document } = readWell(replaced(ubl(), '<cac:Item>', `${allowance.repeat(5_000)}<cac:Item>`));
    expect(document.syntax === 'cfdi' ? 0 : document.lines[0]?.allowances.length).to.equal(5_000);
  });

  it('of the widest values keep the verdict in its bytes', () => {
    const wide = '漢"\\'.repeat(400);
    const { verdict } = judged(replaced(ubl(), /<cbc:LineExtensionAmount[^>]*>[^<]*</u, `<cbc:LineExtensionAmount>${wide}<`)
      .replace('</Invoice>', `${`<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:LineExtensionAmount>${wide}</cbc:LineExtensionAmount></cac:InvoiceLine>`.repeat(500)}</Invoice>`));
    expect(Buffer.byteLength(JSON.stringify(verdict))).to.be.below(200_000);
  });
});

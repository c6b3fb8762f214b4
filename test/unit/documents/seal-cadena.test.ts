import { expect } from 'chai';
import type { XmlNode } from '../../../write-side/documents/models/node.js';
import { cadenaOriginal, stampCadena } from '../../../write-side/documents/seal/cadena.js';
import { appendFields, normal, parseFields } from '../../../write-side/documents/seal/order.js';
import { readWell } from './given.js';

const cadena = (text: string): string => {
  const { document } = readWell(text);
  if (document.syntax !== 'cfdi') throw new Error('not a CFDI');
  const result = cadenaOriginal(document);
  return 'text' in result ? result.text : `unknown ${result.unknown}`;
};
const wrapped = (version: '3.3' | '4.0', attributes: string, inside: string): string =>
  `<cfdi:Comprobante xmlns:cfdi="http://www.sat.gob.mx/cfd/${version[0]}" Version="${version}" ${attributes}>${inside}</cfdi:Comprobante>`;

const HEAD = 'Serie="A" Fecha="2026-03-14T10:00:00" Sello="no" NoCertificado="30001000000500000001" Certificado="no" SubTotal="1" Moneda="MXN" Total="1.16" TipoDeComprobante="I" Exportacion="01" LugarExpedicion="06000"';
const RESULT_40 = '4.0|A|2026-03-14T10:00:00|30001000000500000001|1|MXN|1.16|I|01|06000';
const RESULT_33 = '3.3|A|2026-03-14T10:00:00|30001000000500000001|1|MXN|1.16|I|06000';

describe('the cadena original', () => {
  it('leaves out what is optional and absent, and keeps an empty field for what is mandatory and absent', () => {
    expect(cadena(wrapped('4.0', HEAD, ''))).to.equal(`||${RESULT_40}||`);
    expect(cadena(wrapped('4.0', 'Folio="1" Fecha="x"', ''))).to.equal('||4.0|1|x|||||||||');
  });

  it('has the fields of its version only', () => {
    const parties = '<cfdi:Emisor Rfc="E" RegimenFiscal="601"/><cfdi:Receptor Rfc="R" DomicilioFiscalReceptor="1" RegimenFiscalReceptor="2" UsoCFDI="G03"/>';
    expect(cadena(wrapped('3.3', HEAD, parties))).to.equal(`||${RESULT_33}|E|601|R|G03||`);
    expect(cadena(wrapped('4.0', HEAD, parties))).to.equal(`||${RESULT_40}|E||601|R||1|2|G03||`);
  });

  it('normalises the white space of XML and no other', () => {
    expect(['  a \t b\n\nc ', 'a\u00a0 b', ' ', ''].map(normal)).to.deep.equal(['a b c', 'a\u00a0 b', '', '']);
    expect(cadena(wrapped('4.0', HEAD.replace('Serie="A"', 'Serie=" A &#10;  B&#9;"'), ''))).to.include('|A B|');
  });

  it('has the parts of a line in the order of the transformation, whatever their order in the document', () => {
    const line = '<cfdi:Concepto ClaveProdServ="p" Cantidad="1" ClaveUnidad="u" Descripcion="d &amp; e" ValorUnitario="1" Importe="1" ObjetoImp="02">'
      + '<cfdi:Parte ClaveProdServ="q" Cantidad="2" Descripcion="part"><cfdi:InformacionAduanera NumeroPedimento="n2"/></cfdi:Parte>'
      + '<cfdi:ComplementoConcepto><iedu:instEducativas xmlns:iedu="http://www.sat.gob.mx/iedu" version="1.0" nombreAlumno="N" CURP="C" nivelEducativo="Primaria" autRVOE="R"/></cfdi:ComplementoConcepto>'
      + '<cfdi:CuentaPredial Numero="c"/><cfdi:InformacionAduanera NumeroPedimento="n1"/>'
      + '<cfdi:ACuentaTerceros RfcACuentaTerceros="t" NombreACuentaTerceros="tn" RegimenFiscalACuentaTerceros="601" DomicilioFiscalACuentaTerceros="06000"/>'
      + '<cfdi:Impuestos><cfdi:Retenciones><cfdi:Retencion Base="1" Impuesto="001" TipoFactor="Tasa" TasaOCuota="0.1" Importe="0.1"/></cfdi:Retenciones>'
      + '<cfdi:Traslados><cfdi:Traslado Base="1" Impuesto="002" TipoFactor="Exento"/></cfdi:Traslados></cfdi:Impuestos></cfdi:Concepto>';
    expect(cadena(wrapped('4.0', HEAD, `<cfdi:Conceptos>${line}</cfdi:Conceptos>`)))
      .to.equal(`||${RESULT_40}|p|1|u|d & e|1|1|02|1|002|Exento|1|001|Tasa|0.1|0.1|t|tn|601|06000|n1|c|1.0|N|C|Primaria|R|q|2|part|n2||`);
  });

  it('puts each total of taxes after its nodes, withheld ones first', () => {
    const taxes = '<cfdi:Impuestos TotalImpuestosTrasladados="5" TotalImpuestosRetenidos="6"><cfdi:Traslados><cfdi:Traslado Base="1" Impuesto="002" TipoFactor="Tasa" TasaOCuota="0.16" Importe="5"/></cfdi:Traslados>'
      + '<cfdi:Retenciones><cfdi:Retencion Impuesto="001" Importe="6"/></cfdi:Retenciones></cfdi:Impuestos>';
    expect(cadena(wrapped('4.0', HEAD, taxes))).to.equal(`||${RESULT_40}|001|6|6|1|002|Tasa|0.16|5|5||`);
    expect(cadena(wrapped('3.3', HEAD, taxes))).to.equal(`||${RESULT_33}|001|6|6|002|Tasa|0.16|5|5||`);
  });

  it('has what is global and what is related before the parties, in every relation', () => {
    const inside = '<cfdi:InformacionGlobal Periodicidad="01" Meses="03" Año="2026"/><cfdi:CfdiRelacionados TipoRelacion="01"><cfdi:CfdiRelacionado UUID="a"/><cfdi:CfdiRelacionado UUID="b"/></cfdi:CfdiRelacionados>'
      + '<cfdi:CfdiRelacionados TipoRelacion="04"><cfdi:CfdiRelacionado UUID="c"/></cfdi:CfdiRelacionados>';
    expect(cadena(wrapped('4.0', HEAD, inside))).to.equal(`||${RESULT_40}|01|03|2026|01|a|b|04|c||`);
  });

  it('has complements in their order, without stamp and addenda', () => {
    const inside = '<cfdi:Complemento><tfd:TimbreFiscalDigital xmlns:tfd="http://www.sat.gob.mx/TimbreFiscalDigital" UUID="x"/>'
      + '<implocal:ImpuestosLocales xmlns:implocal="http://www.sat.gob.mx/implocal" version="1.0" TotaldeRetenciones="0" TotaldeTraslados="2"><implocal:TrasladosLocales ImpLocTrasladado="ISH" TasadeTraslado="2.00" Importe="2"/></implocal:ImpuestosLocales></cfdi:Complemento>'
      + '<cfdi:Complemento><l:LeyendasFiscales xmlns:l="http://www.sat.gob.mx/leyendasFiscales" version="1.0"><l:Leyenda textoLeyenda=" T  U "/></l:LeyendasFiscales></cfdi:Complemento><cfdi:Addenda><x/></cfdi:Addenda>';
    expect(cadena(wrapped('4.0', HEAD, inside))).to.equal(`||${RESULT_40}|1.0|0|2|ISH|2.00|2|1.0|T U||`);
  });

  it('is not known with a complement that its transformation does not have, of the document or of a line', () => {
    const terceros = '<t:PorCuentadeTerceros xmlns:t="http://www.sat.gob.mx/terceros" version="1.1" rfc="R"><t:Impuestos/></t:PorCuentadeTerceros>';
    const line = `<cfdi:Conceptos><cfdi:Concepto><cfdi:ComplementoConcepto>${terceros}</cfdi:ComplementoConcepto></cfdi:Concepto></cfdi:Conceptos>`;
    expect(cadena(wrapped('4.0', HEAD, line))).to.equal('unknown PorCuentadeTerceros');
    expect(cadena(wrapped('3.3', HEAD, line))).to.include('|1.1|R||');
    expect(cadena(wrapped('4.0', HEAD, '<cfdi:Complemento><x:Pagos xmlns:x="http://www.sat.gob.mx/Pagos21"/></cfdi:Complemento>'))).to.equal('unknown Pagos');
  });

  it('of a stamp has its legend only where there is one', () => {
    const stamp = { Version: '1.1', UUID: 'u', FechaTimbrado: 'f', RfcProvCertif: 'p', SelloCFD: 's', NoCertificadoSAT: 'n', SelloSAT: 'not signed' };
    expect(stampCadena(stamp)).to.equal('||1.1|u|f|p|s|n||');
    expect(stampCadena({ ...stamp, Leyenda: 'l' })).to.equal('||1.1|u|f|p|l|s|n||');
  });
});

describe('the language of field orders', () => {
  const node = (local: string, attributes: Record<string, string>, children: XmlNode[] = [], text = ''): XmlNode => ({ uri: 'u', local, attributes, children, text });
  const tree = node('R', { a: '1' }, [node('G', {}, [node('T', {}, [], ' x '), node('C', { b: '2' })]), node('C', { b: '3' }), { ...node('C', { b: 'no' }), uri: 'other' }]);
  const fieldsOf = (order: string): string[] => {
    const into: string[] = [];
    appendFields(tree, parseFields(order), into);
    return into;
  };

  const CASES: readonly [order: string, fields: readonly string[]][] = [
    ['a b', ['1', '']],
    ['a? b?', ['1']],
    ['C{ b }', ['3']],
    ['G/C{ b }', ['2']],
    ['//C{ b }', ['2', '3']],
    ['G/T{ . } a', ['x', '1']],
    ['=G/T =G/None =G/None?', ['x', '']],
  ];
  for (const [order, fields] of CASES) it(`reads ${order}`, () => expect(fieldsOf(order)).to.deep.equal(fields));

  it('refuses braces that do not match', () => {
    expect(() => parseFields('A{ b')).to.throw(SyntaxError);
    expect(() => parseFields('b }')).to.throw(SyntaxError);
  });
});

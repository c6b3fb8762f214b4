import { expect } from 'chai';
import { codesOf, judged, replaced } from './given.js';
import { header } from './cfdi/changes.js';
import { changed, found, invoice, withheld, written } from './cfdi/given.js';

describe('the structure of a CFDI 4.0', () => {

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
    expect(paths(written(given))).to.deep.equal([]);
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
    expect(found(changed(['', invoice, header({ Fecha: '2025-02-30T10:00:00' }), []]))).to.deep.equal(['FOLIO-DATE-IMPOSSIBLE']);
  });
});

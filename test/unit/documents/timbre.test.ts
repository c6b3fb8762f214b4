import { expect } from 'chai';
import { THROWAWAY_PAIRS } from '../../../cli/demo/seals/throwaway.js';
import { trustOf, type Trust } from '../../../write-side/documents/index.js';
import { sealed } from '../../support/csd/sealed.js';
import { altered, cfdi, codesOf, judged, replaced } from './given.js';

const [fda, , , provider] = THROWAWAY_PAIRS;
const TRUSTED: Trust = trustOf([Buffer.from(provider.certificate, 'base64')]);
const timed = (issued: string, stamped: string): string => sealed(cfdi().replace(/ Fecha="[^"]+"/u, ` Fecha="${issued}"`).replace(/FechaTimbrado="[^"]+"/u, `FechaTimbrado="${stamped}"`));

describe('the stamp of a CFDI', () => {
  const CASES: readonly [title: string, from: RegExp, to: string, codes: readonly string[]][] = [
    ['of another version', /(TimbreFiscalDigital" Version)="1.1"/u, '$1="1.0"', ['FOLIO-TFD-VERSION']],
    ['without its version', /(TimbreFiscalDigital") Version="1.1"/u, '$1', ['FOLIO-TFD-VERSION']],
    ['without its moment', / FechaTimbrado="[^"]+"/u, '', ['FOLIO-TFD-DATE']],
    ['with a zone', /(FechaTimbrado="[^"]+)"/u, '$1Z"', ['FOLIO-TFD-DATE']],
    ['of a person', /RfcProvCertif="[^"]+"/u, 'RfcProvCertif="DEMA900228MN9"', ['FOLIO-TFD-PROVIDER']],
    ['without its provider', / RfcProvCertif="[^"]+"/u, '', ['FOLIO-TFD-PROVIDER']],
    ['with a short certificate number', /NoCertificadoSAT="\d/u, 'NoCertificadoSAT="', ['FOLIO-TFD-CERTIFICATE']],
    ['without its seal', / SelloSAT="[^"]+"/u, '', ['FOLIO-TFD-SELLO-SAT']],
  ];
  for (const [title, from, to, codes] of CASES) it(`${title} is refused`, () => expect(codesOf(replaced(cfdi(), from, to))).to.deep.equal(codes));

  it('repeats the seal of its document', () => {
    expect(codesOf(altered(cfdi(), /SelloCFD="[^"]+"/u, `SelloCFD="${/ Sello="([^"]+)"/u.exec(cfdi(1))?.[1]}"`))).to.deep.equal(['FOLIO-TFD-SELLO-CFD']);
    expect(codesOf(altered(cfdi(), / SelloCFD="[^"]+"/u, ''))).to.deep.equal(['FOLIO-TFD-SELLO-CFD']);
    expect(codesOf(altered(cfdi(), /SelloCFD="([^"]+)"/u, 'SelloCFD=" $1&#10;"'))).to.deep.equal([]);
  });

  it('comes within 72 hours of the issue, by clocks that may differ by two', () => {
    expect(codesOf(timed('2026-01-08T10:00:00', '2026-01-11T10:00:00'))).to.deep.equal([]);
    expect(codesOf(timed('2026-01-08T10:00:00', '2026-01-11T10:00:01'))).to.deep.equal(['CFDI401']);
    expect(codesOf(timed('2026-01-08T10:00:00', '2026-01-08T08:00:00'))).to.deep.equal([]);
    expect(codesOf(timed('2026-01-08T10:00:00', '2026-01-08T07:59:59'))).to.deep.equal(['CFDI401']);
    expect(codesOf(timed('2024-02-28T23:00:00', '2024-03-02T23:00:00'))).to.deep.equal([]);
  });

  it('comes within 72 hours of the issue, counted by the clock of its place', () => {
    const tijuana = (stamped: string): string => sealed(timed('2026-01-08T10:00:00', stamped).replace(/LugarExpedicion="\d+"/u, 'LugarExpedicion="22000"'));
    expect(codesOf(tijuana('2026-01-11T12:00:00'))).to.deep.equal([]);
    expect(codesOf(tijuana('2026-01-11T12:00:01'))).to.deep.equal(['CFDI401']);
  });

  it('is verified where the certificate of the provider is known', () => {
    const open = (trust?: Trust): string[] => judged(cfdi(), trust ? { trust } : {}).verdict.notChecked.map(({ what }) => what);
    expect(codesOf(cfdi(), { trust: TRUSTED })).to.deep.equal([]);
    expect(open(TRUSTED)).not.to.include('stamp-seal');
    expect(open()).to.include('stamp-seal');
    expect(open(trustOf([Buffer.from(fda.certificate, 'base64')]))).to.include('stamp-seal');
  });

  it('was changed after its provider sealed it', () => {
    const changed = altered(cfdi(), /UUID="[0-9A-F]{8}/u, 'UUID="00000000');
    expect(codesOf(changed, { trust: TRUSTED })).to.deep.equal(['FOLIO-TFD-SELLO-SAT']);
    expect(codesOf(changed)).to.deep.equal([]);
  });
});

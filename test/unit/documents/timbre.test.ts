import { expect } from 'chai';
import { THROWAWAY_PAIRS } from '../../../cli/demo/seals/throwaway.js';
import { trustOf, type Trust } from '../../../write-side/documents/index.js';
import { sealed } from '../../support/csd/sealed.js';
import { timed, TRUSTED } from './cfdi/seals.js';
import { altered, cfdi, codesOf, judged } from './given.js';

const [fda] = THROWAWAY_PAIRS;

describe('the stamp of a CFDI', () => {
  it('repeats the seal of its document', () => {
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
});

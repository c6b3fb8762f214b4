import { expect } from 'chai';
import { THROWAWAY_PAIRS } from '../../../cli/demo/seals/throwaway.js';
import { judgeRule, trustOf, type Trust } from '../../../write-side/documents/index.js';
import { sealed } from '../../support/csd/sealed.js';
import { EXPIRED, FOLIO_AUTHORITY, FOREIGN, OTHER_AUTHORITY } from '../../support/csd/throwaway.js';
import { invoice } from './cfdi/given.js';
import { writtenOld } from './cfdi/old.js';
import { ours, TRUSTED } from './cfdi/seals.js';
import { altered, cfdi, codesOf, judged, readWell, replaced } from './given.js';

const file = (base64: string): Uint8Array => Buffer.from(base64, 'base64');
const [, , , PAC] = THROWAWAY_PAIRS;
const old = (): string => writtenOld(invoice());
const notChecked = (text: string, trust?: Trust): string[] => judged(text, trust ? { trust } : {}).verdict.notChecked.map(({ what }) => what);

describe('the seal of a CFDI', () => {
  it('is verified', () => {
    const { verdict } = judged(cfdi());
    expect(verdict.verdict).to.equal('valid');
    expect(verdict.checked).to.include.members(['CFDI40102', 'CFDI40106', 'CFDI303', 'CFDI305', 'CFDI308', 'CFDI401']);
    expect(notChecked(cfdi())).not.to.include('seal');
  });

  it('may stand on several lines', () => {
    const seal = / Sello="([^"]+)"/u.exec(cfdi())?.[1] ?? '';
    expect(codesOf(cfdi().replaceAll(seal, ` ${seal.slice(0, 100)}&#10;${seal.slice(100)} `))).to.deep.equal([]);
  });

  it('does not cover what comes after it: stamp and addenda', () => {
    expect(codesOf(altered(cfdi(), '</cfdi:Comprobante>', '<cfdi:Addenda><x/></cfdi:Addenda></cfdi:Comprobante>'))).to.deep.equal([]);
    expect(codesOf(altered(cfdi(), /<cfdi:Complemento>.*<\/cfdi:Complemento>/u, ''))).to.deep.equal([]);
  });

  it('is demanded: an unsealed document breaks the rule of the seal and that of the certificate, once each', () => {
    const unsealed = altered(altered(altered(cfdi(), / Sello="[^"]+"/u, ''), / Certificado="[^"]+"/u, ''), / NoCertificado="[^"]+"/u, '');
    expect(judged(unsealed).verdict.findingCounts).to.deep.equal({ CFDI40102: 1, CFDI40106: 1 });
    expect(judged(unsealed).verdict.findings.map(({ path }) => path)).to.deep.equal(['/Comprobante/@Sello', '/Comprobante/@Certificado']);
    expect(judgeRule('CFDI40102', readWell('<cfdi:Comprobante xmlns:cfdi="http://www.sat.gob.mx/cfd/4" Version="4.0"/>'))?.length).to.equal(1);
  });

  it('is not checked where the order of a complement is unknown', () => {
    const text = altered(cfdi(), '<cfdi:Complemento>', '<cfdi:Complemento><n:Nuevo xmlns:n="http://www.sat.gob.mx/Nuevo" Version="1.0"/>');
    expect(codesOf(text)).to.deep.equal([]);
    expect(judged(text).verdict.notChecked.find(({ what }) => what === 'seal')?.why).to.include('Nuevo');
  });

  it('is verified in a document of 3.3', () => expect(codesOf(old())).to.deep.equal([]));
});

describe('the certificate of a CFDI', () => {
  it('is the right one', () => expect(codesOf(ours())).to.deep.equal([]));

  it('has the number that the document says', () => {
    const text = altered(ours(), / NoCertificado="\d/u, ' NoCertificado="9');
    expect(codesOf(text)).to.deep.equal(['CFDI40102', 'CFDI40106']);
    expect(judged(text).verdict.findings.find(({ code }) => code === 'CFDI40106')).to.include({ path: '/Comprobante/@NoCertificado', term: 'NoCertificado', expected: '30001000000500000001' });
  });

  it('leaves the seal unchecked where it cannot be read, and says so', () => {
    expect(notChecked(altered(ours(), / Certificado="[^"]+"/u, ' Certificado="MIIC"'))).to.include('seal');
  });

  it('had not expired somewhere in Mexico', () => {
    const at = (moment: string): string => sealed(altered(altered(ours(), /Fecha="[^"]+"/u, `Fecha="${moment}"`), /FechaTimbrado="[^"]+"/u, `FechaTimbrado="${moment}"`), EXPIRED);
    expect(codesOf(at('2022-02-28T18:59:59'))).to.deep.equal([]);
    expect(codesOf(at('2022-02-28T19:00:01'))).to.deep.equal(['CFDI305']);
    expect(codesOf(at('2018-02-28T16:00:01'))).to.deep.equal([]);
    expect(codesOf(at('2018-02-28T15:59:59'))).to.deep.equal(['CFDI305']);
  });

  it('belongs to the issuer by the RFC before the slash, whatever its case', () => {
    expect(codesOf(replaced(ours(), 'Rfc="FDA180301QX7"', 'Rfc="TDM170930JK6"'))).to.deep.equal(['CFDI303']);
    const [finding] = judged(replaced(ours(), 'Rfc="FDA180301QX7"', 'Rfc="TDM170930JK6"')).verdict.findings;
    expect(finding).to.include({ path: '/Comprobante/@Certificado', found: 'FDA180301QX7' });
  });
});

describe('the authority that issued the certificate', () => {
  it('is not checked unless some are loaded', () => {
    expect(notChecked(ours())).to.include('certificate-chain');
    expect(notChecked(ours(), TRUSTED)).not.to.include('certificate-chain');
  });

  it('is one of those that are trusted', () => {
    expect(codesOf(ours(), { trust: TRUSTED })).to.deep.equal([]);
    expect(codesOf(sealed(ours(), FOREIGN), { trust: TRUSTED })).to.deep.equal(['CFDI308']);
    expect(codesOf(sealed(ours(), FOREIGN), { trust: trustOf([file(OTHER_AUTHORITY)]) })).to.deep.equal([]);
    expect(codesOf(sealed(ours(), FOREIGN))).to.deep.equal([]);
  });

  it('is loaded from DER, base64 and PEM, several in a file', () => {
    const pem = (base64: string): string => `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/gu, '$&\n')}\n-----END CERTIFICATE-----\n`;
    const trust = trustOf([Buffer.from(`${pem(FOLIO_AUTHORITY)}${pem(OTHER_AUTHORITY)}`), Buffer.from(PAC.certificate)]);
    expect(trust.authorities).to.have.length(2);
    expect(trust.provider(PAC.number)?.rfc).to.equal('PDE150101AB1');
    expect(() => trustOf([Buffer.from('nothing')])).to.throw(RangeError);
  });
});

import { expect } from 'chai';
import { THROWAWAY_PAIRS } from '../../../cli/demo/seals/throwaway.js';
import { judgeRule, trustOf, type Trust } from '../../../write-side/documents/index.js';
import { sealed } from '../../support/csd/sealed.js';
import { EFIRMA, EXPIRED, FOLIO_AUTHORITY, FOREIGN, OTHER_AUTHORITY, STRANGER, WEAK } from '../../support/csd/throwaway.js';
import { altered, cfdi, codesOf, judged, readWell, replaced } from './given.js';

const file = (base64: string): Uint8Array => Buffer.from(base64, 'base64');
const [, , , PAC] = THROWAWAY_PAIRS;
const TRUSTED: Trust = trustOf([file(FOLIO_AUTHORITY), file(PAC.certificate)]);
const FDA = 'Rfc="FDA180301QX7" Nombre="FERRETERIA DEMO DEL ALTIPLANO"';
/** A document of the issuer whose other certificates the tests have. */
const ours = (): string => replaced(cfdi(), /Rfc="[^"]+" Nombre="[^"]+"/u, FDA);
/** The same invoice as a CFDI 3.3: without the attributes that 4.0 brought. */
const old = (text: string): string => {
  const renamed = altered(text.replaceAll('http://www.sat.gob.mx/cfd/4', 'http://www.sat.gob.mx/cfd/3'), 'Version="4.0"', 'Version="3.3"');
  const stripped = renamed.replace(/ (?:Exportacion|DomicilioFiscalReceptor|RegimenFiscalReceptor|ObjetoImp)="[^"]*"/gu, '');
  return sealed(altered(stripped, /(<cfdi:Impuestos TotalImpuestosTrasladados="[^"]+"><cfdi:Traslados><cfdi:Traslado) Base="[^"]+"/u, '$1'));
};
const notChecked = (text: string, trust?: Trust): string[] => judged(text, trust ? { trust } : {}).verdict.notChecked.map(({ what }) => what);

describe('the seal of a CFDI', () => {
  it('is verified', () => {
    const { verdict } = judged(cfdi());
    expect(verdict.verdict).to.equal('valid');
    expect(verdict.checked).to.include.members(['CFDI40102', 'CFDI40106', 'CFDI303', 'CFDI305', 'CFDI308', 'CFDI401']);
    expect(notChecked(cfdi())).not.to.include('seal');
  });

  const BREACHES: readonly [title: string, text: string][] = [
    ['a text changed after sealing', altered(cfdi(), /Descripcion="/u, 'Descripcion="No ')],
    ['an amount that is the same, written otherwise', altered(cfdi(), / Base="([^"]+)"/u, ' Base="$10"')],
    ['a seal with a character that a careless decoder would skip', altered(cfdi(), / Sello="(.)/u, ' Sello="$1!')],
    ['the seal of another document', altered(cfdi(1), / Sello="[^"]+"/u, / Sello="[^"]+"/u.exec(cfdi(2))?.[0] ?? '')],
    ['a seal that is no base64', altered(cfdi(), / Sello="[^"]+"/u, ' Sello="sello"')],
  ];
  for (const [title, text] of BREACHES) {
    it(`does not verify: ${title}`, () => expect(codesOf(text).filter((code) => code !== 'FOLIO-TFD-SELLO-CFD')).to.deep.equal(['CFDI40102']));
  }

  it('breaks its rule alone when one letter of the document is changed', () => expect(codesOf(altered(cfdi(), /Descripcion="/u, 'Descripcion="No '))).to.deep.equal(['CFDI40102']));

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

  it('has the codes of 3.3 in a document of 3.3', () => {
    expect(codesOf(old(cfdi()))).to.deep.equal([]);
    expect(codesOf(altered(old(cfdi()), /Descripcion="/u, 'Descripcion="No '))).to.deep.equal(['CFDI33102']);
    expect(codesOf(altered(old(cfdi()), / NoCertificado="[^"]+"/u, ''))).to.deep.equal(['CFDI33102', 'CFDI33105']);
  });
});

describe('the certificate of a CFDI', () => {
  it('is the right one', () => expect(codesOf(ours())).to.deep.equal([]));

  const CASES: readonly [title: string, text: string, codes: readonly string[]][] = [
    ['is somebody else\'s', sealed(ours(), STRANGER), ['CFDI303']],
    ['is an e.firma', sealed(ours(), EFIRMA), ['CFDI40106']],
    ['had expired at the date of issue', sealed(ours(), EXPIRED), ['CFDI305']],
    ['has a short key', sealed(ours(), WEAK), ['CFDI40106']],
    ['is absent', altered(ours(), / Certificado="[^"]+"/u, ''), ['CFDI40106']],
    ['is no certificate', altered(ours(), / Certificado="[^"]+"/u, ' Certificado="MIIC"'), ['CFDI40106']],
    ['is no base64', altered(ours(), / Certificado="[^"]+"/u, ' Certificado="certificado"'), ['CFDI40106']],
    ['is larger than any', altered(ours(), / Certificado="[^"]+"/u, ` Certificado="${'MIIC'.repeat(8_000)}"`), ['CFDI40106']],
  ];
  for (const [title, text, codes] of CASES) it(`is refused when it ${title}`, () => expect(codesOf(text)).to.deep.equal(codes));

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

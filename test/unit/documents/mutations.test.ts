import { expect } from 'chai';
import { judgeRule, listRules } from '../../../write-side/documents/index.js';
import { codesOf, judged, readWell, replaced } from './given.js';
import { RIGHT_HEADERS } from './cfdi/header.js';
import { RIGHT_LINES } from './cfdi/lines.js';
import { RIGHT_PARTIES } from './cfdi/parties.js';
import { RIGHT_TOTALS } from './cfdi/totals.js';
import { changed, found } from './cfdi/given.js';
import { ciiOf, specOf, ublOf } from './en/builder.js';
import { NATIONAL_RIGHT } from './en/national.js';
import { structureMutations } from './en/structure.js';
import { EXTENSION_CII, EXTENSION_REMARKS, EXTENSION_UBL, VEHICLE_CII, VEHICLE_REMARKS, VEHICLE_UBL } from './en/xrechnung-extension.js';
import { COMPANIONS, SILENT_IN, STRUCTURE_COMPANIONS, UNBREAKABLE } from './explained.js';
import { MUTATIONS } from './mutations.js';

const ALL = MUTATIONS.flatMap(([, mutations]) => mutations);
const STRUCTURE = structureMutations();

describe('a document in which one thing is changed', () => {
  for (const [family, mutations] of MUTATIONS) {
    describe(`of ${family}`, () => {
      for (const { title, codes, text, context } of mutations) it(`breaks ${codes.join(', ')}: ${title}`, () => expect(codesOf(text(), context)).to.have.members([...codes]));
    });
  }

  it('breaks each rule of the syntax bindings where the rule says, and no others', () => {
    const wrong = STRUCTURE.flatMap(({ code, text, along }) => {
      const codes = codesOf(text);
      const others = codes.filter((other) => other !== code && !along.includes(other) && !STRUCTURE_COMPANIONS[code]?.includes(other));
      return codes.includes(code) && others.length === 0 ? [] : [`${code}: ${codes.join(', ')}`];
    });
    expect(wrong).to.deep.equal([]);
    expect(STRUCTURE.length).to.be.greaterThan(1_700);
  });
});

describe('every rule', () => {
  const broken = new Set([...ALL.flatMap(({ codes }) => codes), ...STRUCTURE.map(({ code }) => code)]);
  const known = listRules().map(({ code }) => code);

  it('has a document that breaks it, or a reason why none can', () => {
    expect(known.filter((code) => !broken.has(code) && !(code in UNBREAKABLE))).to.deep.equal([]);
  });

  it('is broken by no document where it is said that none can', () => {
    expect(Object.keys(UNBREAKABLE).filter((code) => broken.has(code) || !known.includes(code))).to.deep.equal([]);
  });

  it('is one that is listed', () => {
    expect([...broken].filter((code) => !known.includes(code))).to.deep.equal([]);
  });

  for (const [syntax, right, root] of [['ubl', ublOf(specOf()), /<(?:Invoice|CreditNote)[ >]/u], ['cii', ciiOf(specOf()), /<rsm:CrossIndustryInvoice[ >]/u]] as const) {
    it(`of EN 16931 and its specifications that ${syntax} has is broken in ${syntax}`, () => {
      const isHere = (text: string | Uint8Array): boolean => typeof text === 'string' && root.test(text);
      const here = new Set([...ALL.filter(({ text }) => isHere(text())).flatMap(({ codes }) => codes), ...STRUCTURE.filter(({ text }) => isHere(text)).map(({ code }) => code)]);
      const read = readWell(right);
      const has = listRules().filter(({ code, kinds }) => kinds.includes('en16931') && judgeRule(code, read) !== undefined).map(({ code }) => code);
      expect(has.filter((code) => !here.has(code))).to.have.members([...SILENT_IN[syntax]]);
      expect(has.length).to.be.greaterThan(600);
    });
  }

  it('that is broken together with another one is explained', () => {
    const together = new Set(ALL.flatMap(({ codes }) => codes.slice(1)));
    expect([...together].filter((code) => !(code in COMPANIONS)).toSorted()).to.deep.equal([]);
    expect(Object.keys(COMPANIONS).filter((code) => !together.has(code))).to.deep.equal([]);
  });
});

describe('a right document', () => {
  for (const item of [...RIGHT_HEADERS, ...RIGHT_LINES, ...RIGHT_PARTIES, ...RIGHT_TOTALS]) it(`may be a CFDI with ${item[0]}`, () => expect(found(changed(item))).to.deep.equal(item[3]));

  for (const [nation, text] of Object.entries(NATIONAL_RIGHT)) it(`may be a ${nation} one of Peppol`, () => expect(codesOf(text)).to.deep.equal([]));

  it('may name the version of UNSPSC that Denmark asks for', () => {
    expect(codesOf(replaced(NATIONAL_RIGHT['Danish'] ?? '', /listID="STI"/u, 'listID="TST" listVersionID="19.0501"'))).to.deep.equal([]);
  });

  it('may be one of the extension of XRechnung, or on clean vehicles: what the norm does not have refuses nothing', () => {
    for (const [text, remarks] of [[EXTENSION_UBL, EXTENSION_REMARKS.ubl], [EXTENSION_CII, []], [VEHICLE_UBL, VEHICLE_REMARKS.ubl], [VEHICLE_CII, VEHICLE_REMARKS.cii]] as const) {
      expect(judged(text).verdict.verdict).not.to.equal('invalid');
      expect(codesOf(text)).to.have.members([...remarks]);
    }
  });
});

import { expect } from 'chai';
import { codesOf } from './given.js';
import { RIGHT_HEADERS } from './cfdi/header.js';
import { RIGHT_LINES } from './cfdi/lines.js';
import { RIGHT_PARTIES } from './cfdi/parties.js';
import { RIGHT_TOTALS } from './cfdi/totals.js';
import { changed, found } from './cfdi/given.js';
import { MUTATIONS } from './mutations.js';

describe('a document in which one thing is changed', () => {
  for (const [family, mutations] of MUTATIONS) {
    describe(`of ${family}`, () => {
      for (const { title, codes, text, context } of mutations) it(`breaks ${codes.join(', ')}: ${title}`, () => expect(codesOf(text(), context)).to.have.members([...codes]));
    });
  }
});

describe('a right CFDI', () => {
  for (const item of [...RIGHT_HEADERS, ...RIGHT_LINES, ...RIGHT_PARTIES, ...RIGHT_TOTALS]) it(`may be one: ${item[0]}`, () => expect(found(changed(item))).to.deep.equal(item[3]));
});

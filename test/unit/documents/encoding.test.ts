import { expect } from 'chai';
import { readDocument } from '../../../write-side/documents/index.js';
import { cfdi, readWell, replaced } from './given.js';

const NAME = 'COMERCIAL DEMO ESPAÑOLA €';
const document = replaced(cfdi(), /(<cfdi:Receptor [^>]*Nombre=")[^"]+/u, `$1${NAME}`);
const declared = (encoding: string): string => replaced(document, 'encoding="UTF-8"', `encoding="${encoding}"`);

function receiver(bytes: Uint8Array): string | undefined {
  const read = readDocument(bytes);
  return read.kind === 'document' ? read.facts.receiver.name : JSON.stringify(read);
}

const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();
/** windows-1252 of a text whose only character beyond Latin-1 is the euro sign. */
const windows1252 = (text: string): Buffer => Buffer.from(Array.from(text, (character) => (character === '€' ? 0x80 : (character.codePointAt(0) ?? 0))));

describe('bytes are decoded as the document says', () => {
  const mark = '\uFEFF';
  const cases: [string, Uint8Array][] = [
    ['UTF-8', Buffer.from(document)],
    ['UTF-8 with a byte-order mark', Buffer.from(mark + document)],
    ['UTF-16 little endian with a mark', Buffer.from(mark + declared('UTF-16'), 'utf16le')],
    ['UTF-16 big endian with a mark', swapped(Buffer.from(mark + declared('UTF-16'), 'utf16le'))],
    ['UTF-16 little endian without a mark', Buffer.from(declared('UTF-16'), 'utf16le')],
    ['UTF-16 big endian without a mark', swapped(Buffer.from(declared('UTF-16'), 'utf16le'))],
    ['windows-1252', windows1252(declared('windows-1252'))],
    ['ISO-8859-1 as its superset', windows1252(declared('ISO-8859-1'))],
    ['UTF-8 when nothing is declared', Buffer.from(document.slice(document.indexOf('?>') + 2).trimStart())],
    ['a mark and two declarations', Buffer.from(`${mark}<?xml version="1.0" encoding="utf-8"?>${mark}\n${document}`)],
    ['two declarations', Buffer.from(`<?xml version="1.0" encoding="utf-8"?>${document}`)],
  ];
  for (const [name, bytes] of cases) it(`reads ${name}`, () => expect(receiver(bytes)).to.equal(NAME));

  const refused: [string, Uint8Array][] = [
    ['Latin-1 bytes that claim to be UTF-8', windows1252(document)],
    ['an encoding that is not supported', Buffer.from(declared('EBCDIC-CP-ES'))],
    ['single bytes that claim to be UTF-16', Buffer.from(declared('UTF-16'))],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0])],
    ['UTF-16 cut in the middle of a character', Buffer.from(mark + document, 'utf16le').subarray(0, 201)],
  ];
  for (const [name, bytes] of refused) {
    it(`refuses ${name}`, () => {
      const read = readDocument(bytes);
      expect(read).to.include({ kind: 'unreadable', code: 'encoding' });
    });
  }

  it('reads the same facts in every encoding', () => {
    const read = readDocument(Buffer.from(mark + declared('UTF-16'), 'utf16le'));
    expect(read.kind === 'document' && read.facts).to.deep.equal(readWell(document).facts);
  });
});

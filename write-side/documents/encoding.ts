import { clip } from './text.js';

/** Bytes of the head in which an XML declaration is looked for. */
const HEAD_BYTES = 256;

/** Encodings that an XML declaration may name, by the name that TextDecoder knows. ISO-8859-1 is read as its superset windows-1252. */
const DECLARED: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8', utf8: 'utf-8', 'us-ascii': 'utf-8', ascii: 'utf-8',
  'iso-8859-1': 'windows-1252', iso8859_1: 'windows-1252', 'iso8859-1': 'windows-1252', latin1: 'windows-1252', 'windows-1252': 'windows-1252', cp1252: 'windows-1252',
  'iso-8859-15': 'iso-8859-15',
};

export type Decoded = { readonly text: string } | { readonly fault: string };

/** A byte-order mark, or the pattern of `<` in two bytes, tells UTF-16 whatever the declaration says. */
function wideEncoding(bytes: Uint8Array): string | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0 && second === 0) return 'utf-32';
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? 'utf-32' : 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0x3c && second === 0) return 'utf-16le';
  return first === 0 && second === 0x3c ? 'utf-16be' : undefined;
}

const hasUtf8Mark = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, HEAD_BYTES));
  const declaration = /^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][\w.-]*)["']/u.exec(head);
  return declaration?.[1]?.toLowerCase();
}

function encodingOf(bytes: Uint8Array): { encoding: string } | { fault: string } {
  const wide = wideEncoding(bytes);
  if (wide === 'utf-32') return { fault: 'UTF-32 is not supported' };
  if (wide !== undefined) return { encoding: wide };
  if (hasUtf8Mark(bytes)) return { encoding: 'utf-8' };
  const declared = declaredEncoding(bytes);
  if (declared === undefined) return { encoding: 'utf-8' };
  const encoding = Object.hasOwn(DECLARED, declared) ? DECLARED[declared] : undefined;
  return encoding === undefined ? { fault: `the declared encoding ${clip(declared, 40)} does not fit the bytes or is not supported` } : { encoding };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bytes to text: byte-order mark first, then the XML declaration, then UTF-8. A byte that the encoding does not have is a fault. */
export function decodeBytes(bytes: Uint8Array): Decoded {
  const found = encodingOf(bytes);
  if ('fault' in found) return found;
  try {
    const decoder = found.encoding === 'utf-8' ? utf8 : new TextDecoder(found.encoding, { fatal: true });
    return { text: withoutSecondDeclaration(decoder.decode(bytes)) };
  } catch {
    return { fault: `the bytes are not ${found.encoding}` };
  }
}

const FIRST_OF_TWO = /^<\?xml\s[^>]{0,200}\?>[\s\uFEFF]{0,20}(?=<\?xml\s)/u;

/** Some issuers write a byte-order mark and two XML declarations; the first one is dropped, as the content is unambiguous. */
function withoutSecondDeclaration(text: string): string {
  const unmarked = text.startsWith('\uFEFF') ? text.slice(1) : text;
  return FIRST_OF_TWO.test(unmarked) ? unmarked.replace(FIRST_OF_TWO, '') : unmarked;
}

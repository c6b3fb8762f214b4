const WHITE = /\s+/gu;

/** The bytes of a base64 text, or undefined where it is none. White space around and in it is allowed, any other foreign character is not: a decoder that drops them would take an altered seal for the one that was signed. */
export function base64Bytes(text: string, maxCharacters: number): Buffer | undefined {
  if (text.length > maxCharacters) return undefined;
  const dense = /\s/u.test(text) ? text.replace(WHITE, '') : text;
  const bytes = Buffer.from(dense, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === dense ? bytes : undefined;
}

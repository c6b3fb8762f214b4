/** An element of a generated document: attributes in order, then children or text. Undefined attributes are left out. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: readonly (readonly [string, string | undefined])[];
  readonly children: readonly (XmlElement | string)[];
}

export const element = (name: string, attributes: Readonly<Record<string, string | undefined>> = {}, children: readonly (XmlElement | string)[] = []): XmlElement =>
  ({ name, attributes: Object.entries(attributes), children });

/** An element with text. */
export const leaf = (name: string, text: string, attributes: Readonly<Record<string, string | undefined>> = {}): XmlElement => element(name, attributes, [text]);

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => (/[&<>"]/u.test(text) ? text.replace(/[&<>"]/gu, (character) => ESCAPES[character] ?? character) : text);

function write(node: XmlElement | string, parts: string[]): void {
  if (typeof node === 'string') {
    parts.push(escape(node));
    return;
  }
  parts.push('<', node.name);
  for (const [name, value] of node.attributes) if (value !== undefined) parts.push(' ', name, '="', escape(value), '"');
  if (node.children.length === 0) {
    parts.push('/>');
    return;
  }
  parts.push('>');
  for (const child of node.children) write(child, parts);
  parts.push('</', node.name, '>');
}

/** The document as text, in UTF-8 by its declaration. */
export function serialise(root: XmlElement): string {
  const parts = ['<?xml version="1.0" encoding="UTF-8"?>\n'];
  write(root, parts);
  return parts.join('');
}

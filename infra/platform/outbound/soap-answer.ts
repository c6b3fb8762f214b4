import { SaxesParser, type SaxesTagNS } from 'saxes';

/** Names an element: namespace and local name. */
export type ElementName = readonly [uri: string, local: string];

/** Why an answer is none; its message says it without repeating what the answer held. */
export class SoapAnswerError extends Error {
  override readonly name = 'SoapAnswerError';
}

const MAX_DEPTH = 16;
const MAX_ELEMENTS = 200;

const isNamed = (tag: SaxesTagNS, [uri, local]: ElementName): boolean => tag.uri === uri && tag.local === local;

/** One pass over one answer; everything that does not lie on the path is passed over. */
class AnswerReader {
  readonly texts = new Map<string, string>();
  /** Elements of the path that are open, from the root on. */
  #onPath = 0;
  #depth = 0;
  #elements = 0;
  #arrivals = 0;
  #child: string | undefined;
  #text = '';

  constructor(private readonly path: readonly ElementName[], private readonly uri: string) {}

  open(tag: SaxesTagNS): void {
    this.#elements += 1;
    if (this.#depth >= MAX_DEPTH || this.#elements > MAX_ELEMENTS) throw new SoapAnswerError('the answer has too many elements');
    if (this.#child !== undefined) throw new SoapAnswerError('the answer has elements where a text belongs');
    const next = this.path[this.#onPath];
    if (this.#depth === this.path.length && this.#onPath === this.path.length && tag.uri === this.uri) this.#begin(tag.local);
    else if (next && this.#depth === this.#onPath && isNamed(tag, next)) this.#step();
    this.#depth += 1;
  }

  #step(): void {
    this.#onPath += 1;
    if (this.#onPath < this.path.length) return;
    this.#arrivals += 1;
    if (this.#arrivals > 1) throw new SoapAnswerError('the answer has more than one result');
  }

  #begin(local: string): void {
    if (this.texts.has(local)) throw new SoapAnswerError('the answer says one thing twice');
    this.#child = local;
    this.#text = '';
  }

  text(part: string): void {
    if (this.#child !== undefined) this.#text += part;
  }

  close(): void {
    this.#depth -= 1;
    if (this.#child !== undefined) this.texts.set(this.#child, this.#text.trim());
    this.#child = undefined;
    this.#onPath = Math.min(this.#onPath, this.#depth);
  }

  get hasArrived(): boolean {
    return this.#arrivals > 0;
  }
}

/**
 * The texts of the elements of one namespace directly below the element that the path leads to, by their local names. Strict well-formedness and
 * namespaces; no DOCTYPE, so no entities but the five of XML. The caller bounds the length.
 * @throws SoapAnswerError
 */
export function resultTexts(xml: string, path: readonly ElementName[], uri: string): ReadonlyMap<string, string> {
  const reader = new AnswerReader(path, uri);
  const parser = new SaxesParser({ xmlns: true });
  parser.on('doctype', () => { throw new SoapAnswerError('the answer has a DOCTYPE'); });
  parser.on('error', () => { throw new SoapAnswerError('the answer is no well-formed XML'); });
  parser.on('opentag', (tag) => reader.open(tag));
  parser.on('text', (part) => reader.text(part));
  parser.on('cdata', (part) => reader.text(part));
  parser.on('closetag', () => reader.close());
  parser.write(xml).close();
  if (!reader.hasArrived) throw new SoapAnswerError('the answer has no result');
  return reader.texts;
}

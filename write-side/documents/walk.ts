import { SaxesParser, type SaxesAttributeNSIncomplete, type SaxesStartTagNS, type SaxesTagNS } from 'saxes';
import type { Decoder, Element, RawAttributes } from './element.js';
import { MAX_REASON, MAX_ROOT_NAME, type ReadLimits } from './limits.js';
import type { XmlNode } from './models/node.js';
import type { Unreadable, UnreadableCode, Unsupported } from './result.js';
import { clip } from './text.js';

/** Chooses the decoder of a root element, or says how to name an unsupported one. */
export type ChooseDecoder<Result> = (uri: string, local: string, attributes: RawAttributes) => Decoder<unknown, Result> | { readonly root: string };

/** Ends the parse from inside a handler; caught in `walk` and nowhere else. */
class Halt extends Error {
  constructor(readonly outcome: Unreadable | Unsupported) {
    super(outcome.kind);
  }
}

const unreadable = (code: UnreadableCode, reason: string): Halt => new Halt({ kind: 'unreadable', code, reason: clip(reason, MAX_REASON) });

/** What a walk is told while the parser runs. */
interface Sink {
  doctype(): void;
  openStart(tag: SaxesStartTagNS): void;
  attribute(attribute: SaxesAttributeNSIncomplete): void;
  open(tag: SaxesTagNS): void;
  text(part: string): void;
  close(): void;
  fail(error: Error): void;
}

/** A captured element while it is read. */
interface OpenNode extends XmlNode {
  children: OpenNode[];
  text: string;
}

/** Shared by all elements without children, most of them. */
const NO_CHILDREN: OpenNode[] = [];

class Parser extends SaxesParser<{ xmlns: true }> {}

/** The walk whose parser is running. Parsing is one synchronous call, so there is never more than one. */
let running: Sink | undefined;

/**
 * Handlers are set once, on the prototype: more than three of them on a parser itself turn it into a slow object of V8,
 * and everything takes four times as long (measured). saxes calls only some of them with `this`, hence `running`.
 */
const handlers = Parser.prototype;
handlers.on('doctype', () => running?.doctype());
handlers.on('opentagstart', (tag) => running?.openStart(tag));
handlers.on('attribute', (attribute) => running?.attribute(attribute));
handlers.on('opentag', (tag) => running?.open(tag));
handlers.on('text', (part) => running?.text(part));
handlers.on('cdata', (part) => running?.text(part));
handlers.on('closetag', () => running?.close());
handlers.on('error', (error) => running?.fail(error));

function parse(text: string, sink: Sink): void {
  running = sink;
  try {
    new Parser({ xmlns: true }).write(text).close();
  } finally {
    running = undefined;
  }
}

/**
 * One streaming pass over one document. Strict well-formedness, namespaces, no DOCTYPE and so no entities but the five of XML;
 * depth, attributes, elements and kept values are bounded while reading.
 */
class Walk<Result> implements Sink {
  private readonly stack: (Element<unknown> | undefined)[] = [];
  private depth = 0;
  private elements = 0;
  private attributeCount = 0;
  private attributes: Record<string, string> = {};
  private valueAttributes: RawAttributes = {};
  private value: string | undefined;
  private current: Element<unknown> | undefined;
  private rootName = '';
  private decoder: Decoder<unknown, Result> | undefined;
  private draft: unknown;
  /** Elements being captured, the innermost last; empty outside of what is captured. */
  private readonly capturing: OpenNode[] = [];
  private captured = 0;

  constructor(private readonly choose: ChooseDecoder<Result>, private readonly limits: ReadLimits) {}

  run(text: string): Result {
    parse(text, this);
    if (!this.decoder) throw unreadable('malformed', 'the document has no root element');
    return this.decoder.finish(this.draft);
  }

  doctype(): never {
    throw unreadable('doctype', 'a document type declaration (DOCTYPE) is not accepted: no fiscal format needs one');
  }

  /** A root whose prefix is bound to nothing is a fragment of a document: named, not called broken. */
  fail(error: Error): never {
    if (!this.decoder && this.rootName && /unbound namespace prefix/u.test(error.message)) {
      throw new Halt({ kind: 'unsupported', root: clip(this.rootName, MAX_ROOT_NAME) });
    }
    throw unreadable('malformed', error.message);
  }

  openStart(tag: SaxesStartTagNS): void {
    this.depth += 1;
    this.elements += 1;
    if (this.depth > this.limits.depth) throw unreadable('limit-depth', `elements are nested deeper than ${this.limits.depth}`);
    if (this.elements > this.limits.elements) throw unreadable('limit-elements', `more than ${this.limits.elements} elements`);
    if (this.elements === 1) this.rootName = tag.name;
    this.attributeCount = 0;
    this.attributes = {};
  }

  attribute(attribute: SaxesAttributeNSIncomplete): void {
    this.attributeCount += 1;
    if (this.attributeCount > this.limits.attributes) throw unreadable('limit-attributes', `more than ${this.limits.attributes} attributes in one element`);
    if (attribute.prefix !== '' || attribute.name === 'xmlns') return;
    if (this.elements > 1 && this.current === undefined && this.capturing.length === 0) return;
    this.checkLength(attribute.value);
    this.attributes[attribute.name] = attribute.value;
  }

  open(tag: SaxesTagNS): void {
    if (this.capturing.length > 0 || (this.current?.capture && !this.isNamed(tag))) return this.capture(tag);
    const element = this.elements === 1 ? this.openRoot(tag) : this.child(tag);
    this.stack.push(this.current);
    this.current = element;
    this.value = undefined;
    if (!element) return;
    element.open?.(this.draft, this.attributes);
    if (!element.value) return;
    this.value = '';
    this.valueAttributes = this.attributes;
  }

  private openRoot(tag: SaxesTagNS): Element<unknown> {
    const chosen = this.choose(tag.uri, tag.local, this.attributes);
    if (!('finish' in chosen)) throw new Halt({ kind: 'unsupported', root: clip(chosen.root, MAX_ROOT_NAME) });
    this.decoder = chosen;
    this.draft = chosen.begin(this.attributes, tag.local);
    return chosen.root;
  }

  private child(tag: SaxesTagNS): Element<unknown> | undefined {
    if (this.current === undefined) return undefined;
    const element = this.current.children?.get(tag.local);
    if (element?.uri === tag.uri) return element;
    this.current.unnamed?.(this.draft, tag.uri, tag.local);
    return undefined;
  }

  private isNamed(tag: SaxesTagNS): boolean {
    return this.current?.children?.get(tag.local)?.uri === tag.uri;
  }

  private capture({ uri, local }: SaxesTagNS): void {
    this.captured += 1;
    if (this.captured > this.limits.captured) throw unreadable('limit-elements', `more than ${this.limits.captured} elements in complements`);
    const node: OpenNode = { uri, local, attributes: this.attributes, children: NO_CHILDREN, text: '' };
    const parent = this.capturing.at(-1);
    if (parent?.children === NO_CHILDREN) parent.children = [node];
    else parent?.children.push(node);
    this.capturing.push(node);
  }

  /** @returns whether it was a captured element that has closed */
  private closeCaptured(): boolean {
    const node = this.capturing.pop();
    if (!node) return false;
    node.text = node.text.trim();
    if (this.capturing.length === 0) this.current?.capture?.(this.draft, node);
    return true;
  }

  text(part: string): void {
    const node = this.capturing.at(-1);
    if (node) {
      node.text += part;
      this.checkLength(node.text);
    }
    if (this.value === undefined) return;
    this.value += part;
    this.checkLength(this.value);
  }

  close(): void {
    this.depth -= 1;
    if (this.closeCaptured()) return;
    const element = this.current;
    if (element?.value && this.value !== undefined) {
      const trimmed = this.value.trim();
      if (trimmed !== '') element.value(this.draft, trimmed, this.valueAttributes);
    }
    element?.close?.(this.draft);
    this.value = undefined;
    this.current = this.stack.pop();
  }

  private checkLength(value: string): void {
    if (value.length > this.limits.text) throw unreadable('limit-text', `a value is longer than ${this.limits.text} characters`);
  }
}

/** Reads one document in one pass; every fault of the input is a result, never an exception. */
export function walk<Result>(text: string, choose: ChooseDecoder<Result>, limits: ReadLimits): Result | Unreadable | Unsupported {
  try {
    return new Walk(choose, limits).run(text);
  } catch (error) {
    if (error instanceof Halt) return error.outcome;
    throw error;
  }
}

import type { XmlNode } from './models/node.js';

/** Attributes of one element without a prefix, as written (XML white space normalised). */
export type RawAttributes = Readonly<Record<string, string>>;

/** What a decoder does with one element. Elements that no table names are skipped with everything inside. */
export interface Element<Draft> {
  readonly uri: string;
  readonly open?: (draft: Draft, attributes: RawAttributes) => void;
  /** The trimmed text of the element, called only where there is some. */
  readonly value?: (draft: Draft, text: string, attributes: RawAttributes) => void;
  readonly close?: (draft: Draft) => void;
  readonly children?: ReadonlyMap<string, Element<Draft>>;
  /** Given each child that the table does not name, with all that is in it, when it closes. */
  readonly capture?: (draft: Draft, node: XmlNode) => void;
  /** Told of each child that the table does not name, which is skipped; for syntaxes that allow no others. */
  readonly unnamed?: (draft: Draft, uri: string, local: string) => void;
}

export type Children<Draft> = Readonly<Record<string, Element<Draft>>>;

/** The table of the children of an element, by local name. */
export const childrenOf = <Draft>(children: Children<Draft>): ReadonlyMap<string, Element<Draft>> => new Map(Object.entries(children));

/** Elements of one namespace, written shortly in the tables. */
export const inNamespace = (uri: string) => ({
  group: <Draft>(children: Children<Draft>, hooks: Omit<Element<Draft>, 'uri' | 'children'> = {}): Element<Draft> => ({ uri, ...hooks, children: childrenOf(children) }),
  field: <Draft>(value: (draft: Draft, text: string, attributes: RawAttributes) => void): Element<Draft> => ({ uri, value }),
  mark: <Draft>(open: (draft: Draft, attributes: RawAttributes) => void): Element<Draft> => ({ uri, open }),
});

/** A document syntax: how its root is known, and the table that reads it. */
export interface Decoder<Draft, Result> {
  readonly root: Element<Draft>;
  begin(attributes: RawAttributes, local: string): Draft;
  finish(draft: Draft): Result;
}

/**
 * Forgets the draft's type, so that one walker serves every table. Sound because a walker hands a decoder only the draft
 * that the same decoder began.
 */
export const erased = <Draft, Result>(decoder: Decoder<Draft, Result>): Decoder<unknown, Result> => decoder as unknown as Decoder<unknown, Result>;

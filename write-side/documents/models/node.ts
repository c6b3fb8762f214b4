/** An element with all that is in it, as written: what no table of a decoder names one by one, such as complements. */
export interface XmlNode {
  readonly uri: string;
  readonly local: string;
  /** Those without a prefix. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  /** Its own text, trimmed; empty where there is none. */
  readonly text: string;
}

/** The first child of that name in the element's own namespace. */
export const childOf = (node: XmlNode | undefined, local: string): XmlNode | undefined => node?.children.find((child) => child.local === local && child.uri === node.uri);

/** All children of that name in the element's own namespace. */
export const childrenNamed = (node: XmlNode | undefined, local: string): readonly XmlNode[] => node?.children.filter((child) => child.local === local && child.uri === node.uri) ?? [];

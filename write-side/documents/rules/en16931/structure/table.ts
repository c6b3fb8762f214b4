import type { Finding } from '#contracts/invoice/verdict.js';

type Severity = Finding['severity'];

/** One rule of a syntax binding: an element or attribute that must not be there, or how often one may occur in its context. */
export interface StructureRule {
  readonly code: string;
  readonly severity: Severity;
  /** Context and path below it, element names without prefix, `Line` for the line of either document. */
  readonly path: string;
  readonly least: number;
  readonly most: number;
}

/** The rules of a syntax as a tree of element names, so that reading meets them without searching. */
export interface StructureNode {
  readonly children: Map<string, StructureNode>;
  /** Whether the element has element content, as the table writes it (`+Name`). */
  readonly aggregate: boolean;
  readonly forbidden: number[];
  readonly attributes: Map<string, number[]>;
  /** Counters that go up when the element opens. */
  readonly counted: { readonly counter: number }[];
  /** Counters that begin when the element opens and are checked when it closes. */
  readonly limits: { readonly rule: number; readonly counter: number }[];
}

/** What a syntax says of attributes wherever they stand: names of elements by their end. */
export interface AttributeAnywhere {
  readonly element: string;
  readonly except?: string;
  readonly attribute: string;
  readonly rule: number;
}

export interface StructureTable {
  readonly rules: readonly StructureRule[];
  readonly root: StructureNode;
  readonly anywhere: readonly AttributeAnywhere[];
  readonly counted: number;
}

export interface TableText {
  /** `Parent/Path|Other/Path: Name=code +Name=code @attribute=code`; `.` is the root, `!` after a code makes it fatal. */
  readonly forbidden: string;
  /** `code least most context path` per line; `w` after the code makes it a warning, `+` before the last name of the path says that it has element content. */
  readonly limits: string;
  /** `end-of-element-name attribute code` per line, `*` for every element, `!` as above, `-Name` for one that is left out. */
  readonly attributes: string;
  readonly codeOf: (short: string) => string;
}

const MANY = 1_000_000;
const node = (aggregate = false): StructureNode => ({ children: new Map(), aggregate, forbidden: [], attributes: new Map(), counted: [], limits: [] });
const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter(Boolean);

/** The packed text of a syntax binding, unpacked once at load. */
class Unpacking {
  readonly rules: StructureRule[] = [];
  readonly root = node(true);
  readonly anywhere: AttributeAnywhere[] = [];
  private readonly byCode = new Map<string, number>();
  private counters = 0;

  constructor(private readonly text: TableText) {
    for (const line of linesOf(text.forbidden)) this.forbid(line);
    for (const line of linesOf(text.limits)) this.limit(line);
    for (const line of linesOf(text.attributes)) this.forbidAttribute(line);
  }

  table(): StructureTable {
    return { rules: this.rules, root: this.root, anywhere: this.anywhere, counted: this.counters };
  }

  private at(path: string, aggregate = true, from = this.root): StructureNode {
    if (path === '.') return from;
    const names = path.split('/');
    return names.reduce((here, name, index) => this.child(here, name, aggregate || index < names.length - 1), from);
  }

  private child(parent: StructureNode, name: string, aggregate: boolean): StructureNode {
    const known = parent.children.get(name);
    if (known) return known;
    const made = node(aggregate);
    parent.children.set(name, made);
    return made;
  }

  /** A rule may stand at several places; it is one rule. */
  private rule(short: string, path: string, least: number, most: number, warning: boolean): number {
    const code = this.text.codeOf(short);
    const known = this.byCode.get(code);
    if (known !== undefined) return known;
    this.byCode.set(code, this.rules.length);
    return this.rules.push({ code, severity: warning ? 'warning' : 'error', path, least, most }) - 1;
  }

  private forbid(line: string): void {
    const colon = line.indexOf(':');
    for (const parent of line.slice(0, colon).split('|')) {
      for (const entry of line.slice(colon + 1).trim().split(' ')) this.forbidEntry(parent, entry);
    }
  }

  private forbidEntry(parent: string, entry: string): void {
    const [name = '', codes = ''] = entry.split('=');
    const here = this.at(parent, !name.startsWith('@'));
    for (const code of codes.split(',')) {
      const rule = this.rule(code.replace('!', ''), `${parent === '.' ? '' : `${parent}/`}${name.replace('+', '')}`, 0, 0, !code.endsWith('!'));
      if (name.startsWith('@')) here.attributes.set(name.slice(1), [...(here.attributes.get(name.slice(1)) ?? []), rule]);
      else this.child(here, name.replace('+', ''), name.startsWith('+')).forbidden.push(rule);
    }
  }

  private limit(line: string): void {
    const [short = '', least = '', most = '', context = '', written = ''] = line.split(/\s+/u);
    const path = written.replace('+', '');
    const rule = this.rule(short.replace('w', ''), `${context === '.' ? '' : `${context}/`}${path}`, Number(least), most === '*' ? MANY : Number(most), short.endsWith('w'));
    for (const each of context.split('|')) {
      const counter = this.counters;
      this.counters += 1;
      const here = this.at(each);
      here.limits.push({ rule, counter });
      this.at(path, written !== path, here).counted.push({ counter });
    }
  }

  private forbidAttribute(line: string): void {
    const [element = '', attribute = '', code = '', except] = line.split(/\s+/u);
    const rule = this.rule(code.replace('!', ''), `${element}@${attribute}`, 0, 0, !code.endsWith('!'));
    this.anywhere.push({ element: element === '*' ? '' : element, attribute, rule, ...(except === undefined ? {} : { except: except.slice(1) }) });
  }
}

export const unpack = (text: TableText): StructureTable => new Unpacking(text).table();

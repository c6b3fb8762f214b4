import { platformProblem } from '#contracts/kernel/errors.js';
import { extension, foreignness, indexBody, isOurs, lackingFields, writeAliasOf, type IndexMapping } from '#platform/search/elastic/mapping.js';
import type { DocumentIndex, DocumentOutcome, IndexedDocument } from '#platform/search/port.js';

interface Kept {
  aliases: Record<string, unknown>;
  mappings: ReturnType<typeof indexBody>['mappings'];
  readonly documents: Map<string, IndexedDocument>;
}

const PAGE = 100;

/** What an engine would hold: indexes of any program. A test looks and changes by hand here. */
export class MemoryEngine {
  readonly indexes = new Map<string, Kept>();
}

/** A search engine in this process that knows as much of Folio's mappings as a real one: strict fields, versions, write aliases. It cannot search. */
export class MemoryIndex implements DocumentIndex {
  constructor(private readonly engine: MemoryEngine, private readonly mapping: IndexMapping) {}

  async create(index: string): Promise<void> {
    const there = this.engine.indexes.get(index);
    if (!there) {
      const { aliases, mappings } = indexBody(index, this.mapping, {});
      this.engine.indexes.set(index, { aliases, mappings, documents: new Map() });
      return;
    }
    if (this.#extended(index, there)) return;
    const reason = foreignness({ [index]: there }, index, this.mapping);
    if (reason !== undefined) throw platformProblem('search-mapping-foreign', { index, reason });
  }

  #extended(index: string, there: Kept): boolean {
    const lacking = lackingFields({ [index]: there }, index, this.mapping);
    if (!lacking) return false;
    const { _meta, dynamic, properties } = extension(this.mapping, lacking);
    there.mappings = { dynamic, _meta, properties: { ...there.mappings.properties, ...properties } };
    return true;
  }

  async drop(index: string): Promise<void> {
    const there = this.engine.indexes.get(index);
    if (!there) return;
    if (!isOurs({ [index]: there }, index)) throw platformProblem('search-mapping-foreign', { index, reason: 'it was not made by Folio' });
    this.engine.indexes.delete(index);
  }

  async write(index: string, documents: readonly IndexedDocument[]): Promise<readonly DocumentOutcome[]> {
    const there = this.#there(index);
    if (there.aliases[writeAliasOf(index)] === undefined) throw platformProblem('search-unavailable', { reason: 'there is no alias to write by' });
    this.#extended(index, there);
    return documents.map((document) => {
      const refused = refusal(document.source, there.mappings.properties);
      if (refused !== undefined) return { refused };
      if ((there.documents.get(document.id)?.revision ?? -1) > document.revision) return 'older';
      there.documents.set(document.id, structuredClone(document));
      return 'written';
    });
  }

  async load(index: string, ids: readonly string[]): Promise<ReadonlyMap<string, IndexedDocument>> {
    const { documents } = this.#there(index);
    return new Map(ids.flatMap((id) => {
      const document = documents.get(id);
      return document ? [[id, structuredClone(document)] as const] : [];
    }));
  }

  async refresh(index: string): Promise<void> {
    this.#there(index);
  }

  async* scan(index: string): AsyncIterable<readonly IndexedDocument[]> {
    const moment = [...structuredClone(this.#there(index).documents).values()];
    for (let from = 0; from < moment.length; from += PAGE) {
      // As an engine does, it lets others go on between two pages.
      await new Promise((resolve) => setImmediate(resolve));
      yield moment.slice(from, from + PAGE);
    }
  }

  #there(index: string): Kept {
    const there = this.engine.indexes.get(index);
    if (!there) throw platformProblem('search-unavailable', { reason: `there is no index ${index}` });
    return there;
  }
}

function refusal(source: Readonly<Record<string, unknown>>, properties: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, value] of Object.entries(source)) {
    const field = properties[name];
    if (field === undefined) return `strict_dynamic_mapping_exception: [${name}] is not allowed`;
    const { type } = field as { readonly type?: string };
    if ((type === 'integer' || type === 'long') && !Number.isInteger(value)) return `document_parsing_exception: [${name}] of type [${type}]`;
  }
  return undefined;
}

import { z } from 'zod';
import { platformProblem } from '#contracts/kernel/errors.js';
import { toRevision } from '#contracts/kernel/position.js';
import type { IndexedDocument } from '../port.js';
import type { ElasticEngine, EngineRequest } from './engine.js';
import { closePit, openPit } from './point-in-time.js';

/** Between two pages. */
const KEEP_ALIVE = '2m';

const OPENED = z.object({ pit_id: z.string().optional(), id: z.string().optional() });
const HIT = z.object({ _id: z.string(), _version: z.int().min(0), _source: z.record(z.string(), z.unknown()).default({}), sort: z.tuple([z.int().min(0)]) });
const PAGE = z.object({ pit_id: z.string().optional(), timed_out: z.literal(false), hits: z.object({ hits: z.array(HIT) }) });
type Hit = z.infer<typeof HIT>;

type Ask = (request: EngineRequest) => Promise<unknown>;

/**
 * All documents of an index as of one moment. Elasticsearch numbers them within that moment. Of OpenSearch the numbers of their writes are taken,
 * which shards give each by itself, so that documents of several may have the same one: there the next page begins at the last number once
 * more, and what was given of it is left out. @throws Problem search-unavailable, also when the answer is none
 */
export async function* scanPages(product: ElasticEngine['product'], ask: Ask, index: string, size: number): AsyncIterable<readonly IndexedDocument[]> {
  let pit = await opened(product, ask, index);
  try {
    let given: readonly Hit[] = [];
    for (let more = true; more;) {
      const { hits: { hits }, pit_id: renewed } = await page(product, ask, pit, size, given[0]?.sort[0]);
      pit = renewed ?? pit;
      const before = new Set(given.map(({ _id: id }) => id));
      yield hits.filter(({ _id: id }) => !before.has(id)).map(({ _id: id, _version: version, _source: source }) => ({ id, revision: toRevision(version), source }));
      more = hits.length === size;
      const last = hits.at(-1)?.sort[0];
      given = hits.filter(({ sort: [number] }) => number === last);
      if (more && given.length === size) throw platformProblem('search-unavailable', { reason: `a page of ${size} documents of ${index} does not reach beyond one number` });
    }
  } finally {
    // The engine forgets it by itself as well.
    await ask(closePit({ product }, pit)).catch(() => undefined);
  }
}

async function opened(product: ElasticEngine['product'], ask: Ask, index: string): Promise<string> {
  const { pit_id: ofOpenSearch, id } = OPENED.safeParse(await ask(openPit({ product }, index, KEEP_ALIVE))).data ?? {};
  const pit = ofOpenSearch ?? id;
  if (pit === undefined) throw platformProblem('search-unavailable', { reason: `it gives no point in time of ${index}` });
  return pit;
}

/** @param last number of the document that was given last */
async function page(product: ElasticEngine['product'], ask: Ask, pit: string, size: number, last: number | undefined): Promise<z.infer<typeof PAGE>> {
  const [number, repeated] = product === 'opensearch' ? ['_seq_no', 1] as const : ['_shard_doc', 0] as const;
  const body = {
    size, pit: { id: pit, keep_alive: KEEP_ALIVE }, query: { match_all: {} }, sort: [{ [number]: { order: 'asc' } }], version: true, track_total_hits: false,
    ...(last !== undefined && { search_after: [last - repeated] }),
  };
  const found = PAGE.safeParse(await ask({ method: 'POST', path: '/_search', body, querystring: { allow_partial_search_results: false } })).data;
  if (!found) throw platformProblem('search-unavailable', { reason: 'its page of documents cannot be read' });
  return found;
}

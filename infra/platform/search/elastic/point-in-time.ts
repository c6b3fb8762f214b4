import type { ElasticEngine, EngineRequest } from './engine.js';

/** What both engines can do and call differently: a view of an index that later writes do not change. */
export const openPit = ({ product }: Pick<ElasticEngine, 'product'>, index: string, keepAlive: string): EngineRequest => ({
  method: 'POST', path: `/${encodeURIComponent(index)}/${product === 'opensearch' ? '_search/point_in_time' : '_pit'}`, querystring: { keep_alive: keepAlive },
});

export const closePit = ({ product }: Pick<ElasticEngine, 'product'>, pit: string): EngineRequest =>
  product === 'opensearch' ? { method: 'DELETE', path: '/_search/point_in_time', body: { pit_id: [pit] } } : { method: 'DELETE', path: '/_pit', body: { id: pit } };

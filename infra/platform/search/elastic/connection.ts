import {
  UndiciConnection, type ConnectionRequestOptions, type ConnectionRequestOptionsAsStream, type ConnectionRequestParams, type ConnectionRequestResponse, type ConnectionRequestResponseAsStream,
} from '@elastic/elasticsearch';

const VENDORED = /application\/vnd\.elasticsearch\+(x-ndjson|json)\s*;\s*compatible-with=\d+/gu;
const PRODUCT_HEADER = 'x-elastic-product';

/**
 * Lets the official client speak to OpenSearch, which refuses Elastic's own media types and does not say that it is Elasticsearch.
 * It speaks to Elasticsearch as well (plain JSON is understood by every version): so the first question is asked through it.
 */
export class OpenSearchConnection extends UndiciConnection {
  override request(params: ConnectionRequestParams, options: ConnectionRequestOptions): Promise<ConnectionRequestResponse>;
  override request(params: ConnectionRequestParams, options: ConnectionRequestOptionsAsStream): Promise<ConnectionRequestResponseAsStream>;
  override async request(
    params: ConnectionRequestParams, options: ConnectionRequestOptions | ConnectionRequestOptionsAsStream,
  ): Promise<ConnectionRequestResponse | ConnectionRequestResponseAsStream> {
    const plain = { ...params, headers: plainHeaders(params.headers ?? {}) };
    const answer = await ('asStream' in options ? super.request(plain, options) : super.request(plain, options));
    return { ...answer, headers: { ...answer.headers, [PRODUCT_HEADER]: 'Elasticsearch' } };
  }
}

const plainHeaders = (headers: NonNullable<ConnectionRequestParams['headers']>): NonNullable<ConnectionRequestParams['headers']> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value.replaceAll(VENDORED, 'application/$1') : value]));

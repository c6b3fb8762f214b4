import { asIs, integer, list, oneOf, yesOrNo, type Setting, type Settings } from '#platform/config.js';
import { LOG_LEVELS, type LogLevel } from '#platform/logger.js';
import { satStatusAddress } from '#platform/outbound/sat-address.js';

const setting = <Value>(env: string, fallback: Value, meaning: string, parse: (text: string) => Value, secret = false): Setting<Value> => ({ env, fallback, meaning, parse, secret });
const MiB = 1024 * 1024;

/** Everything that can be set about an instance; the command line overrides `data` and `port`. */
export const SETTINGS = {
  data: setting<string | undefined>('FOLIO_DATA', undefined, 'folder of everything that is kept (default: data in the project)', asIs),
  eventStore: setting<string | undefined>('FOLIO_EVENT_STORE', undefined, 'esdb://… of EventStoreDB, or postgres://… of the owner of a database; otherwise an embedded Postgres', asIs, true),
  eventStoreRead: setting<string | undefined>('FOLIO_EVENT_STORE_READ', undefined, 'postgres://… of a role that may only read the log, for processes that append nothing', asIs, true),
  writeDatabase: setting<string | undefined>('FOLIO_WRITE_DB', undefined, 'postgres://… of the write side (work, credentials, idempotency)', asIs, true),
  controlDatabase: setting<string | undefined>('FOLIO_CONTROL_DB', undefined, 'postgres://… of leases, generations and the slot table', asIs, true),
  shards: setting<readonly string[]>('FOLIO_SHARDS', [], 'postgres://… of each shard of the read models, in the order of the slot table', list, true),
  newShards: setting<readonly string[]>('FOLIO_NEW_SHARDS', [], 'postgres://… of further shards, in order, that folio reshard may lay rows on', list, true),
  replicas: setting<readonly string[]>('FOLIO_SHARD_REPLICAS', [], 'postgres://… of a replica of each shard for queries; - for a shard without one', list, true),
  kafka: setting<readonly string[]>('FOLIO_KAFKA', [], 'host:port of Kafka brokers, which take sessions of 6 s (`group.min.session.timeout.ms`, as by default); otherwise workers read the event store', list),
  kafkaPrefix: setting('FOLIO_KAFKA_PREFIX', '', 'put before the names of topics', asIs),
  kafkaTls: setting('FOLIO_KAFKA_TLS', false, 'whether the brokers speak TLS', yesOrNo),
  kafkaUser: setting<string | undefined>('FOLIO_KAFKA_USER', undefined, 'user of the brokers (SASL PLAIN)', asIs),
  kafkaPassword: setting<string | undefined>('FOLIO_KAFKA_PASSWORD', undefined, 'and the password', asIs, true),
  search: setting<string | undefined>('FOLIO_SEARCH', undefined, 'http(s)://… of Elasticsearch 9 or OpenSearch 3; otherwise the shards search', asIs),
  searchUser: setting<string | undefined>('FOLIO_SEARCH_USER', undefined, 'user of the search engine', asIs),
  searchPassword: setting<string | undefined>('FOLIO_SEARCH_PASSWORD', undefined, 'and the password', asIs, true),
  searchApiKey: setting<string | undefined>('FOLIO_SEARCH_API_KEY', undefined, 'API key of the search engine, instead of user and password', asIs, true),
  searchCa: setting<string | undefined>('FOLIO_SEARCH_CA', undefined, 'PEM file of the authority of its certificate, where the machine does not know it', asIs),
  searchPrefix: setting('FOLIO_SEARCH_PREFIX', 'folio-', 'put before the names of indexes', asIs),
  redis: setting<string | undefined>('FOLIO_REDIS', undefined, 'redis(s)://… or redis-cluster://… of the hot cache; otherwise each process has its own', asIs, true),
  redisPrefix: setting('FOLIO_REDIS_PREFIX', 'folio:', 'put before the names of keys', asIs),
  objectStore: setting<string | undefined>('FOLIO_S3', undefined, 'http(s)://KEY:SECRET@host:port/bucket of the original files; otherwise a folder', asIs, true),
  objectFolder: setting<string | undefined>('FOLIO_OBJECTS', undefined, 'folder of the original files, where there is no S3; the same for every process (default: objects in the data folder)', asIs),
  keys: setting<string | undefined>('FOLIO_KEYS', undefined, 'folder of signing keys and server secret, the same for every process (default: keys in the data folder)', asIs),
  trust: setting<string | undefined>('FOLIO_TRUST', undefined, 'folder of the certificates that seals and stamps are checked against, the same for every process (default: trust in the data folder)', asIs),
  catalogues: setting<string | undefined>('FOLIO_CATALOGUES', undefined, 'folder of the catalogues of the SAT that the operator has brought, the same for every process (default: catalogues in the data folder)', asIs),
  operatorToken: setting<string | undefined>('FOLIO_OPERATOR_TOKEN', undefined, 'key of the command line, the same for every process; otherwise each start makes one', asIs, true),
  commandUrl: setting<string | undefined>('FOLIO_COMMAND_URL', undefined, 'address of the command API, for the gateway', asIs),
  queryUrl: setting<string | undefined>('FOLIO_QUERY_URL', undefined, 'address of the query API, for the gateway', asIs),
  host: setting('FOLIO_HOST', '127.0.0.1', 'address that is listened on', asIs),
  port: setting('FOLIO_PORT', 4400, 'port of the HTTP interface; 0 takes a free one', integer(0, 65_535)),
  adminEmail: setting('FOLIO_ADMIN_EMAIL', 'admin@folio.example', 'address of the first admin', asIs),
  adminPassword: setting<string | undefined>('FOLIO_ADMIN_PASSWORD', undefined, 'password of the first admin; otherwise one is made and shown once', asIs, true),
  ownerRfc: setting<readonly string[]>('FOLIO_OWNER_RFC', [], 'issuers that belong to this organisation', list),
  logLevel: setting<LogLevel>('FOLIO_LOG_LEVEL', 'warn', `one of ${LOG_LEVELS.join(', ')}`, oneOf(LOG_LEVELS)),
  maxDocumentBytes: setting('FOLIO_MAX_DOCUMENT_BYTES', 64 * MiB, 'largest document taken', integer(1_024, 64 * MiB)),
  maxFiles: setting('FOLIO_MAX_FILES', 100, 'files in one form', integer(1, 1_000)),
  maxImportBytes: setting('FOLIO_MAX_IMPORT_BYTES', 512 * MiB, 'largest body of an import', integer(MiB, 16_384 * MiB)),
  processing: setting('FOLIO_PROCESSING_CONCURRENCY', 48, 'invoices processed at once', integer(1, 500)),
  retentionYears: setting('FOLIO_RETENTION_YEARS', 10, 'years that archived documents are kept', integer(1, 100)),
  fetchFolders: setting<readonly string[]>('FOLIO_FETCH_FOLDERS', [], 'folders that file: addresses may lie below', list),
  fetchPrivateHosts: setting<readonly string[]>('FOLIO_FETCH_PRIVATE_HOSTS', [], 'hosts with private addresses that files may be fetched from', list),
  sftp: setting<string | undefined>('FOLIO_SFTP', undefined, 'JSON file of the SFTP servers that files may be fetched from: host, port, user, password or keyFile, hostKey (SHA256:…), idleSeconds (default 15)', asIs),
  fetchBuckets: setting<readonly string[]>('FOLIO_FETCH_S3', [], 'http(s)://KEY:SECRET@host:port/bucket of each bucket that files may be fetched from', list, true),
  authorityStatus: setting<string | undefined>('FOLIO_AUTHORITY_STATUS', undefined, 'on: the SAT is asked whether archived CFDI are in force, cancelled or unknown to it; http(s)://… of another address of its service; the same for command API and processor (default: off, nobody is asked)', satStatusAddress),
  authorityRate: setting('FOLIO_AUTHORITY_RATE', 5, 'questions to the authority per second, over all processes', integer(1, 100)),
  cacheBytes: setting('FOLIO_CACHE_BYTES', 32 * MiB, 'bytes of the hot cache', integer(MiB, 16_384 * MiB)),
  drainMs: setting('FOLIO_DRAIN_MS', 25_000, 'longest time for requests under way at the end', integer(100, 30_000)),
  rateFree: setting('FOLIO_RATE_FREE', 120, 'requests per minute, tier free and anonymous', integer(1, 10_000_000)),
  rateStandard: setting('FOLIO_RATE_STANDARD', 1_200, 'requests per minute, tier standard', integer(1, 10_000_000)),
  rateEnterprise: setting('FOLIO_RATE_ENTERPRISE', 60_000, 'requests per minute, tier enterprise', integer(1, 10_000_000)),
} as const;

export type FolioSettings = Settings<typeof SETTINGS>;

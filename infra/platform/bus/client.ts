import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import kafkajs, { type Kafka, type KafkaConfig, type logCreator } from 'kafkajs';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Problem } from '#contracts/kernel/problem.js';

const { CompressionCodecs, CompressionTypes, logLevel } = kafkajs;

/** How the brokers are reached. */
export interface BusSettings {
  /** `host:port` of one or more brokers. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly tls?: boolean;
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Put before the names of topics, so that several deployments may share a cluster. */
  readonly prefix: string;
}

export interface BusLog {
  warn(fields: object, message: string): void;
}

/** Waiting between tries of the client itself (ms): short, because sessions above it begin anew with their own backoff. */
const RETRY = { initialRetryTime: 5, maxRetryTime: 500, retries: 8 } as const;
const CONNECT_MS = 3_000;
const REQUEST_MS = 10_000;
/** Largest batch of records that is unpacked (bytes): a compressed bomb ends as an error, not as lost memory. */
const MAX_UNPACKED = 64 * 1024 * 1024;

const pack = promisify(zstdCompress);
const unpack = promisify(zstdDecompress);

/** The client knows gzip only; the runtime has zstd, at a tenth of the cost. */
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => pack(buffer, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
  decompress: (buffer: Buffer) => unpack(buffer, { maxOutputLength: MAX_UNPACKED }),
});

const quiet: logCreator = () => () => undefined;

/** A client of the cluster. Loud lines of the client stay out of the log; what matters comes as errors. */
export function connectBus({ brokers, clientId, tls, credentials }: BusSettings): Kafka {
  const config: KafkaConfig = {
    brokers: [...brokers], clientId, connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS, enforceRequestTimeout: true, retry: RETRY, logLevel: logLevel.NOTHING, logCreator: quiet,
    ...(tls === true && { ssl: true }), ...(credentials && { sasl: { mechanism: 'plain', ...credentials } }),
  };
  return new kafkajs.Kafka(config);
}

/** Asks the cluster who it is. @returns its id @throws Problem setting-wrong naming what is */
export async function probeBus(settings: BusSettings): Promise<string> {
  const kafka = new kafkajs.Kafka({
    brokers: [...settings.brokers], clientId: settings.clientId, connectionTimeout: CONNECT_MS, authenticationTimeout: CONNECT_MS, requestTimeout: REQUEST_MS, enforceRequestTimeout: true,
    logLevel: logLevel.NOTHING, logCreator: quiet, retry: { retries: 1, initialRetryTime: 100 },
    ...(settings.tls === true && { ssl: true }), ...(settings.credentials && { sasl: { mechanism: 'plain', ...settings.credentials } }),
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).clusterId;
  } catch (error) {
    throw wrongSetting(settings, error);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

function wrongSetting({ brokers, tls, credentials }: BusSettings, error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const because = (setting: string, reason: string): Problem => platformProblem('setting-wrong', { setting, reason }, { cause: error });
  if (/SASL|authenticat/iu.test(message)) return because('FOLIO_KAFKA_USER / FOLIO_KAFKA_PASSWORD', `the broker refuses the credentials${credentials ? '' : ', none are set'} (${message.slice(0, 120)})`);
  if (tls === true && /SSL|TLS|wrong version|EPROTO|certificate/iu.test(message)) return because('FOLIO_KAFKA_TLS', `it is on, but ${brokers.join(',')} does not speak TLS with a trusted certificate`);
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|Connection timeout/iu.test(message)) return because('FOLIO_KAFKA', `nothing answers at ${brokers.join(',')}`);
  return because('FOLIO_KAFKA', `${brokers.join(',')} does not answer as a Kafka broker${tls === true ? '' : ' without TLS (FOLIO_KAFKA_TLS is off)'} (${message.slice(0, 120)})`);
}

import type { Logger } from '../logger.js';

export interface TelemetryConfig {
  /** Base address of an OTLP collector (`OTEL_EXPORTER_OTLP_ENDPOINT`); absent: no SDK is loaded and spans cost nothing. */
  readonly endpoint?: string;
  readonly serviceName: string;
  readonly logger: Logger;
}

export interface Telemetry {
  /** Sends what is buffered and stops; never throws. */
  stop(): Promise<void>;
}

const OFF: Telemetry = { stop: () => Promise.resolve() };

/** Loads the OpenTelemetry SDK (0.2 s, 44 MB) only when an address is set. Traces only: metrics go by `/metrics`, logs by standard error. */
export async function startTelemetry({ endpoint, serviceName, logger }: TelemetryConfig): Promise<Telemetry> {
  if (!endpoint) return OFF;
  const sdk = await import('@opentelemetry/sdk-node').catch((error: unknown) => {
    logger.error({ err: error }, 'OpenTelemetry was asked for, but its SDK is not installed; no traces are sent');
    return undefined;
  });
  if (!sdk) return OFF;
  // The SDK reads the address from the environment; a configured one reaches it the same way.
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ??= endpoint;
  const node = new sdk.NodeSDK({ serviceName, instrumentations: [], autoDetectResources: false, metricReaders: [], logRecordProcessors: [] });
  node.start();
  logger.info({ endpoint }, 'traces are sent by OTLP');
  return { stop: () => node.shutdown().catch((error: unknown) => logger.warn({ err: error }, 'the last traces could not be sent')) };
}

import { randomUUID } from 'node:crypto';
import type { SpanContext } from '@opentelemetry/api';

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/u;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/** W3C Trace Context, version 00. Undefined when malformed or all zero; a malformed one is ignored, never an error. */
export function parseTraceparent(text: string | undefined): SpanContext | undefined {
  const match = text === undefined ? null : TRACEPARENT.exec(text);
  const [, traceId, spanId, flags] = match ?? [];
  if (!traceId || !spanId || !flags || traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

export const formatTraceparent = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;

/** Random beginnings of this process and a counter: unique like random ids, without randomness for each request. */
const PROCESS = randomUUID().replaceAll('-', '');
const TRACE_BEGINNING = `00-${PROCESS.slice(0, 20)}`;
const SPAN_BEGINNING = `-${PROCESS.slice(28)}`;
let counter = 0;

/** A new trace, not sampled: it ties log lines and events together also when no SDK is loaded. */
export function newTraceparent(): string {
  counter += 1;
  const serial = counter.toString(16).padStart(12, '0');
  return `${TRACE_BEGINNING}${serial}${SPAN_BEGINNING}${serial}-00`;
}

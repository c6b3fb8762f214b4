import { parse } from 'yaml';
import { z } from 'zod';

/** Durations and sizes as Compose writes them. */
const duration = z.string().regex(/^\d+(?:ms|s|m)$/u);
const size = z.string().regex(/^\d+(?:\.\d+)?[kmg]$/u);
const texts = z.array(z.string());
const environment = z.record(z.string(), z.string());

const healthCheck = z.strictObject({
  test: z.tuple([z.enum(['CMD', 'CMD-SHELL'])], z.string()), interval: duration, timeout: duration, retries: z.int().min(1), start_period: duration, start_interval: duration.optional(),
});

const limits = z.strictObject({ cpus: z.string().regex(/^\d+\.\d+$/u), memory: size, pids: z.int().min(1).optional() });
const dependency = z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) });

/** What a service of ours may say; a key that is not here is a slip of the pen or a decision to be made here. */
const service = z.strictObject({
  image: z.string(), build: z.strictObject({ context: z.string(), target: z.string() }).optional(),
  command: texts.optional(), entrypoint: texts.optional(), environment: environment.optional(), profiles: texts.optional(),
  ports: texts.optional(), expose: texts.optional(), volumes: texts.optional(), tmpfs: texts.optional(), networks: texts,
  depends_on: z.record(z.string(), dependency).optional(), healthcheck: healthCheck.optional(),
  restart: z.enum(['unless-stopped', 'no']), stop_grace_period: duration.optional(), init: z.boolean().optional(),
  deploy: z.strictObject({ resources: z.strictObject({ limits }) }),
  logging: z.strictObject({ driver: z.literal('json-file'), options: z.strictObject({ 'max-size': size, 'max-file': z.string() }) }),
  read_only: z.boolean().optional(), user: z.string().optional(), security_opt: texts, cap_drop: texts, cap_add: texts.optional(),
  shm_size: z.string().optional(), ulimits: z.record(z.string(), z.strictObject({ soft: z.int(), hard: z.int() })).optional(),
});

const composeFile = z.object({ name: z.string(), services: z.record(z.string(), service), networks: z.record(z.string(), z.strictObject({})), volumes: z.record(z.string(), z.strictObject({})) });

export type ComposeFile = z.infer<typeof composeFile>;
export type Service = z.infer<typeof service>;

const VARIABLE = /\$\$|\$\{(?<name>[A-Z0-9_]+)(?::-(?<fallback>[^}]*))?\}|\$/gu;

/** Each variable with the defaults that are written for it. */
export function variablesOf(text: string): Map<string, Set<string | undefined>> {
  const found = new Map<string, Set<string | undefined>>();
  for (const { groups } of text.matchAll(VARIABLE)) {
    const name = groups?.['name'];
    if (name !== undefined) found.set(name, (found.get(name) ?? new Set<string | undefined>()).add(groups?.['fallback']));
  }
  return found;
}

/** `${NAME:-default}` as Compose reads it. @throws Error for a form that is not used here */
export function interpolate(text: string, variables: Readonly<Record<string, string>> = {}): string {
  return text.replaceAll(VARIABLE, (...args: unknown[]) => {
    const [whole, name, fallback] = args;
    if (whole === '$$') return '$';
    if (typeof name !== 'string') throw new Error(`'$' begins no variable of the form \${NAME:-default}`);
    const value = variables[name];
    return value !== undefined && value !== '' ? value : typeof fallback === 'string' ? fallback : '';
  });
}

/** As Compose does it: the text is parsed first, then every value in it. */
function interpolateIn(value: unknown, variables?: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return interpolate(value, variables);
  if (Array.isArray(value)) return value.map((item) => interpolateIn(item, variables));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]: [string, unknown]) => [key, interpolateIn(item, variables)]));
}

/** @throws Error that names the place of what a Compose file of ours cannot say */
export const readCompose = (text: string, variables?: Readonly<Record<string, string>>): ComposeFile => composeFile.parse(interpolateIn(parse(text, { merge: true }), variables));

/** A job ends by itself; everything else runs until it is stopped. */
export const isJob = ({ restart }: Service): boolean => restart === 'no';

/** `127.0.0.1:5440:5432` in its three parts. */
export const publishedPorts = ({ ports = [] }: Service): { address: string; host: string; container: string }[] => ports.map((port) => {
  const [address = '', host = '', container = ''] = port.split(':');
  return { address, host, container };
});

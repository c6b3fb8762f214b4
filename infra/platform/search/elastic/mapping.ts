import { z } from 'zod';

/** What an index is made of. `version` grows with every change of the rest: an index of another version is a foreign one, unless it is extended. */
export interface IndexMapping {
  readonly version: string;
  /** Versions before that only lack fields at the top: an index of such a one is given them, so that an upgraded program goes on with it. */
  readonly extends?: readonly string[];
  /** `analysis` of the settings. */
  readonly analysis: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface IndexTuning {
  /** How often written documents become findable by themselves, in the engine's words (`1s`, `-1` for never). */
  readonly refreshInterval?: string;
  readonly shards?: number;
  /** Copies, as a range that a single node can satisfy too. */
  readonly replicas?: string;
}

/** Bulks go through this alias and require it: an index that is not there is never made by a document, and a foreign one is never written to. */
export const writeAliasOf = (index: string): string => `${index}-write`;

export const indexBody = (index: string, { version, analysis, properties }: IndexMapping, { refreshInterval = '1s', shards = 1, replicas = '0-1' }: IndexTuning) => ({
  aliases: { [writeAliasOf(index)]: { is_hidden: true } },
  settings: { index: { number_of_shards: shards, auto_expand_replicas: replicas, refresh_interval: refreshInterval }, analysis },
  mappings: { dynamic: 'strict', _meta: { folio: version }, properties },
});

const THERE = z.record(z.string(), z.object({
  aliases: z.record(z.string(), z.unknown()).default({}),
  mappings: z.object({ _meta: z.object({ folio: z.unknown() }).optional(), dynamic: z.unknown().optional(), properties: z.record(z.string(), z.unknown()).default({}) }),
}));

/** Whether an index was made by Folio, whatever its version. `answer`: of `GET /<index>`. */
export const isOurs = (answer: unknown, index: string): boolean => THERE.safeParse(answer).data?.[index]?.mappings._meta?.folio !== undefined;

/** Why an index that is there already is not the one that would be made; undefined when it is. `answer`: of `GET /<index>`. */
export function foreignness(answer: unknown, index: string, mapping: IndexMapping): string | undefined {
  const indexes = THERE.safeParse(answer).data;
  const there = indexes?.[index];
  if (!there) return `the name is an alias of ${Object.keys(indexes ?? {}).join(', ').slice(0, 100) || 'something else'}`;
  const { _meta: meta, dynamic, properties } = there.mappings;
  if (meta?.folio === undefined) return 'it was not made by Folio';
  if (meta.folio !== mapping.version) return `it has the mapping ${JSON.stringify(meta.folio).slice(0, 60)}, this version of Folio makes ${mapping.version}`;
  if (dynamic !== 'strict') return 'documents may add fields to it';
  const [field] = differences(mapping.properties, properties);
  if (field !== undefined) return `the field ${field} was changed`;
  return there.aliases[writeAliasOf(index)] === undefined ? `it has no alias ${writeAliasOf(index)}` : undefined;
}

/**
 * Fields that an index of an earlier version lacks and that can be added to it; undefined for the index that would be made, and for every other one.
 * `answer`: of `GET /<index>`.
 */
export function lackingFields(answer: unknown, index: string, mapping: IndexMapping): Readonly<Record<string, unknown>> | undefined {
  const there = THERE.safeParse(answer).data?.[index]?.mappings;
  const version = mapping.extends?.find((earlier) => earlier === there?._meta?.folio);
  if (!there || version === undefined) return undefined;
  const [known, lacking] = [true, false].map((isThere) => Object.fromEntries(Object.entries(mapping.properties).filter(([name]) => Object.hasOwn(there.properties, name) === isThere)));
  return known && foreignness(answer, index, { ...mapping, version, properties: known }) === undefined ? lacking : undefined;
}

/** Body of `PUT /<index>/_mapping` that makes it an index of this version. */
export const extension = ({ version }: IndexMapping, lacking: Readonly<Record<string, unknown>>) => ({ dynamic: 'strict', _meta: { folio: version }, properties: lacking });

const TOLD = ['type', 'analyzer', 'normalizer'] as const;
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields that are missing, more, or of another kind. Engines leave out what is their default, so only what decides on the kind is compared. */
function differences(wanted: Readonly<Record<string, unknown>>, found: Readonly<Record<string, unknown>>, path = ''): readonly string[] {
  return [...new Set([...Object.keys(wanted), ...Object.keys(found)])].flatMap((name) => {
    const [left, right] = [wanted[name], found[name]];
    if (!isRecord(left) || !isRecord(right) || TOLD.some((key) => (left[key] ?? 'object') !== (right[key] ?? 'object'))) return [`${path}${name}`];
    return ['properties', 'fields'].flatMap((inner) => differences(asRecord(left[inner]), asRecord(right[inner]), `${path}${name}.`));
  });
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

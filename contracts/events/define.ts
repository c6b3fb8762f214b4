import type { z } from 'zod';
import type { Envelope } from '../kernel/envelope.js';
import type { Role } from '../roles.js';

/** Kind of stream an event type lives in; the stream id is `<category>-<key>`. */
export type StreamCategory = 'invoice' | 'email' | 'directory' | 'user' | 'session' | 'projection';

/**
 * Everything the system knows of one event type: its current version and schema, where it lives, and what of it may leave.
 * `published` is the only form that relay, SSE, `/events` and logs may use, and only for the roles of `audience`.
 */
export interface EventDefinition<Type extends string = string, Schema extends z.ZodType = z.ZodType> {
  readonly type: Type;
  readonly version: number;
  readonly category: StreamCategory;
  readonly data: Schema;
  readonly audience: readonly Role[];
  /** Top-level fields of `data` left out of the published form. */
  readonly withheld: readonly string[];
  /** Top-level text fields that go through the personal-data codec before they are stored. */
  readonly personal: readonly string[];
}

export interface EventTraits {
  readonly version?: number;
  readonly category: StreamCategory;
  readonly audience: readonly Role[];
  readonly withheld?: readonly string[];
  readonly personal?: readonly string[];
}

export function defineEvent<const Type extends string, Schema extends z.ZodType>(
  type: Type,
  data: Schema,
  traits: EventTraits,
): EventDefinition<Type, Schema> {
  const { version = 1, category, audience, withheld = [], personal = [] } = traits;
  return { type, version, category, data, audience, withheld, personal };
}

/** The envelope of a defined event. */
export type EventOf<Definition extends EventDefinition> =
  Definition extends EventDefinition<infer Type, infer Schema> ? Envelope<Type, z.infer<Schema>> : never;

/** What a decider returns: type and data; the loop adds the metadata. */
export type FactOf<Definition extends EventDefinition> =
  Definition extends EventDefinition<infer Type, infer Schema> ? { readonly type: Type; readonly data: z.infer<Schema> } : never;

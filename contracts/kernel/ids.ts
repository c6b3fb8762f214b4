import { v4, v5, validate } from 'uuid';
import type { Brand } from './brand.js';

/** `category-{key}`; the category is everything before the first hyphen. At most 200 characters. */
export type StreamId = Brand<string, 'StreamId'>;
export type EventId = Brand<string, 'EventId'>;
export type CommandId = Brand<string, 'CommandId'>;
export type CorrelationId = Brand<string, 'CorrelationId'>;
export type InvoiceId = Brand<string, 'InvoiceId'>;
export type UserId = Brand<string, 'UserId'>;
export type Sha256 = Brand<string, 'Sha256'>;

/** Root namespace of every derived id of Folio; changing it would change the identity of every invoice. */
const FOLIO_NAMESPACE = '6f1c0b52-3f0e-5c0a-9a56-0f2f7a1d4e10';

export const derivedUuid = (...parts: readonly string[]): string => v5(parts.join('|'), FOLIO_NAMESPACE);
export const randomUuid = (): string => v4();
export const isUuid = (text: string): boolean => validate(text);

export const toStreamId = (text: string): StreamId => text as StreamId;
export const toCommandId = (text: string): CommandId => text as CommandId;
export const toInvoiceId = (text: string): InvoiceId => text.toLowerCase() as InvoiceId;
export const toUserId = (text: string): UserId => text.toLowerCase() as UserId;
export const toCorrelationId = (text: string): CorrelationId => text as CorrelationId;
export const toSha256 = (hex: string): Sha256 => hex.toLowerCase() as Sha256;

/** The nth event of a command has always the same id, so an append that is repeated cannot double it. */
export const eventIdOf = (command: CommandId, index: number): EventId => derivedUuid('event', command, String(index)) as EventId;

/** A command repeated with the same key by the same principal on the same route is the same command. */
export const commandIdOf = (principal: string, route: string, key: string): CommandId =>
  derivedUuid('command', principal, route, key) as CommandId;

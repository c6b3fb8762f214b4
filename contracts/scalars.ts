import { z } from 'zod';
import type { InvoiceId, Sha256, UserId } from './kernel/ids.js';
import { isMoney, type Money } from './money.js';

/** Bounded text: everything read from outside has a length. */
export const text = (max: number) => z.string().min(1).max(max);

export const money = z.custom<Money>((value) => typeof value === 'string' && isMoney(value), 'a decimal amount as text');
export const sha256 = z.custom<Sha256>((value) => typeof value === 'string' && /^[0-9a-f]{64}$/u.test(value), 'a SHA-256 in lower-case hex');
export const uuid = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu);
export const invoiceId = z.custom<InvoiceId>((value) => typeof value === 'string' && uuid.safeParse(value).success, 'an invoice id');
export const userId = z.custom<UserId>((value) => typeof value === 'string' && uuid.safeParse(value).success, 'a user id');
export const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/u);
export const month = z.string().regex(/^\d{4}-\d{2}-01$/u);
export const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/u);
export const bytes = z.int().min(0);

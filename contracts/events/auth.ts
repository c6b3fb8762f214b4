import { z } from 'zod';
import { ROLES, TIERS } from '../roles.js';
import { instant, text, userId } from '../scalars.js';
import { defineEvent, type EventOf, type EventTraits, type FactOf } from './define.js';

const adminOnly = { audience: ['admin'] } as const;
const user: EventTraits = { category: 'user', ...adminOnly };
const session: EventTraits = { category: 'session', ...adminOnly };
const role = z.enum(ROLES);

/** Stream `email-{hmac}`: owns the uniqueness of one address. */
export const emailClaimed = defineEvent('auth.email.claimed', z.strictObject({ user: userId }), { category: 'email', ...adminOnly });
export const emailReleased = defineEvent('auth.email.released', z.strictObject({ user: userId, reason: text(200) }), { category: 'email', ...adminOnly });

/** Stream `directory-admins`: the set of active admins. */
export const adminGranted = defineEvent('auth.admin.granted', z.strictObject({ user: userId }), { category: 'directory', ...adminOnly });
export const adminRevoked = defineEvent('auth.admin.revoked', z.strictObject({ user: userId, reason: text(200) }), { category: 'directory', ...adminOnly });

/** The password hash is never event data: `credential` names its row in the credential table, written first. */
export const userRegistered = defineEvent(
  'auth.user.registered',
  z.strictObject({ email: text(254), name: text(200), role, tier: z.enum(TIERS), credential: text(64) }),
  { ...user, personal: ['email', 'name'], withheld: ['email', 'name', 'credential'] },
);
export const roleChanged = defineEvent('auth.user.role-changed', z.strictObject({ from: role, to: role }), user);
export const suspended = defineEvent('auth.user.suspended', z.strictObject({ reason: text(400) }), user);
export const reinstated = defineEvent('auth.user.reinstated', z.strictObject({ reason: text(400) }), user);
export const deleted = defineEvent('auth.user.deleted', z.strictObject({ reason: text(400) }), user);
export const passwordChanged = defineEvent(
  'auth.user.password-changed',
  z.strictObject({ credential: text(64), by: z.enum(['self', 'admin']) }),
  { ...user, withheld: ['credential'] },
);

/** Stream `session-{user}-{yyyymm}`. Token ids are public references; the refresh token itself is never event data. */
export const authenticated = defineEvent(
  'auth.user.authenticated',
  z.strictObject({ user: userId, method: z.enum(['password', 'client-credentials']) }),
  session,
);
export const authenticationFailed = defineEvent('auth.user.authentication-failed', z.strictObject({ user: userId, reason: text(100) }), session);
export const tokenIssued = defineEvent(
  'auth.token.issued',
  z.strictObject({ user: userId, tokenId: text(64), family: text(64), expiresAt: instant }),
  session,
);
export const tokenRefreshed = defineEvent(
  'auth.token.refreshed',
  z.strictObject({ user: userId, tokenId: text(64), family: text(64), replaces: text(64), expiresAt: instant }),
  session,
);
export const tokenRevoked = defineEvent(
  'auth.token.revoked',
  z.strictObject({ user: userId, family: text(64).exactOptional(), reason: text(200) }),
  session,
);

export const USER_EVENTS = [userRegistered, roleChanged, suspended, reinstated, deleted, passwordChanged] as const;
export const EMAIL_EVENTS = [emailClaimed, emailReleased] as const;
export const DIRECTORY_EVENTS = [adminGranted, adminRevoked] as const;
export const SESSION_EVENTS = [authenticated, authenticationFailed, tokenIssued, tokenRefreshed, tokenRevoked] as const;

export type UserEvent = EventOf<(typeof USER_EVENTS)[number]>;
export type UserFact = FactOf<(typeof USER_EVENTS)[number]>;
export type EmailEvent = EventOf<(typeof EMAIL_EVENTS)[number]>;
export type EmailFact = FactOf<(typeof EMAIL_EVENTS)[number]>;
export type DirectoryEvent = EventOf<(typeof DIRECTORY_EVENTS)[number]>;
export type DirectoryFact = FactOf<(typeof DIRECTORY_EVENTS)[number]>;
export type SessionEvent = EventOf<(typeof SESSION_EVENTS)[number]>;
export type SessionFact = FactOf<(typeof SESSION_EVENTS)[number]>;

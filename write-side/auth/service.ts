import type { UserId } from '#contracts/kernel/ids.js';
import { administer, type AdministrationCommand } from './services/administer.js';
import type { AuthDependencies, Invocation, UserOutcome } from './services/dependencies.js';
import { ensureAdmin, type FirstAdmin, type MadeAdmin } from './services/ensure-admin.js';
import type { IssuedTokens } from './services/issue.js';
import { adminResetPassword, changePassword, type PasswordChange } from './services/passwords.js';
import { refreshTokens, revokeToken } from './services/refresh.js';
import { registerUser, type Registration } from './services/register.js';
import { signInAsClient, signInWithPassword, type ClientGrant, type PasswordGrant } from './services/sign-in.js';

/** Everything that can be done with users and their tokens. */
export interface AuthService {
  registerUser(registration: Registration, call: Invocation): Promise<UserOutcome>;
  administer(user: UserId, command: AdministrationCommand, call: Invocation): Promise<UserOutcome>;
  changePassword(user: UserId, change: PasswordChange, call: Invocation): Promise<UserOutcome>;
  adminResetPassword(user: UserId, password: string | undefined, call: Invocation): Promise<UserOutcome & { readonly password: string }>;
  signInWithPassword(grant: PasswordGrant, call: Invocation): Promise<IssuedTokens>;
  signInAsClient(grant: ClientGrant, call: Invocation): Promise<IssuedTokens>;
  refreshTokens(token: string, call: Invocation): Promise<IssuedTokens>;
  revokeToken(token: string, call: Invocation): Promise<void>;
  ensureAdmin(admin: FirstAdmin): Promise<MadeAdmin | undefined>;
  /** Deletes refresh tokens that have expired; for a timer. @returns how many */
  purge(): Promise<number>;
}

export const createAuthService = (deps: AuthDependencies): AuthService => ({
  registerUser: (registration, call) => registerUser(deps, registration, call),
  administer: (user, command, call) => administer(deps, user, command, call),
  changePassword: (user, change, call) => changePassword(deps, user, change, call),
  adminResetPassword: (user, password, call) => adminResetPassword(deps, user, password, call),
  signInWithPassword: (grant, call) => signInWithPassword(deps, grant, call),
  signInAsClient: (grant, call) => signInAsClient(deps, grant, call),
  refreshTokens: (token, call) => refreshTokens(deps, token, call),
  revokeToken: (token, call) => revokeToken(deps, token, call),
  ensureAdmin: (admin) => ensureAdmin(deps, admin),
  purge: () => deps.refreshTokens.purge(deps.now()),
});

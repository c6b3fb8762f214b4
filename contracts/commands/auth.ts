import type { UserId } from '../kernel/ids.js';
import type { Role, Tier } from '../roles.js';

export interface RegisterUser {
  readonly kind: 'register';
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly tier: Tier;
  /** Row of the credential table that holds the password hash. */
  readonly credential: string;
}
export interface ChangeRole { readonly kind: 'change-role'; readonly role: Role }
export interface SuspendUser { readonly kind: 'suspend'; readonly reason: string }
export interface ReinstateUser { readonly kind: 'reinstate'; readonly reason: string }
export interface DeleteUser { readonly kind: 'delete'; readonly reason: string }
export interface ChangePassword { readonly kind: 'change-password'; readonly credential: string; readonly by: 'self' | 'admin' }
export type UserCommand = RegisterUser | ChangeRole | SuspendUser | ReinstateUser | DeleteUser | ChangePassword;

export interface ClaimEmail { readonly kind: 'claim'; readonly user: UserId }
export interface ReleaseEmail { readonly kind: 'release'; readonly user: UserId; readonly reason: string }
export type EmailCommand = ClaimEmail | ReleaseEmail;

export interface GrantAdmin { readonly kind: 'grant'; readonly user: UserId }
export interface RevokeAdmin { readonly kind: 'revoke'; readonly user: UserId; readonly reason: string }
export type DirectoryCommand = GrantAdmin | RevokeAdmin;

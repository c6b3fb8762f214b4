import { X509Certificate } from 'node:crypto';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Problem } from '#contracts/kernel/problem.js';

/** Settings are told by the names that the operator knows. */
const SETTING_NAMES = {
  url: 'FOLIO_SEARCH', username: 'FOLIO_SEARCH_USER', password: 'FOLIO_SEARCH_PASSWORD', apiKey: 'FOLIO_SEARCH_API_KEY', ca: 'FOLIO_SEARCH_CA', prefix: 'FOLIO_SEARCH_PREFIX',
} as const;
type SettingName = keyof typeof SETTING_NAMES;

/** Where the engine is and how it is entered: by name and password, by API key, or by neither. */
export interface ElasticSettings {
  /** `https://host:9200`, a path in front of the engine included; never with credentials in it. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly apiKey?: string;
  /** Certificate authority as PEM text, where the machine does not know it. */
  readonly ca?: string;
  /** Longest wait for an answer (ms); default 5 s. */
  readonly requestMs?: number;
}

export const nameOf = (setting: SettingName): string => SETTING_NAMES[setting];

/** What is wrong with a setting, and what to do. */
export const settingWrong = (setting: SettingName, reason: string, cause?: unknown): Problem => platformProblem('setting-wrong', { setting: nameOf(setting), reason }, { cause });

/** What can be seen without asking anybody. @throws Problem setting-wrong */
export function checkSettings(settings: ElasticSettings): { readonly url: URL; readonly tls: { readonly ca: string } | undefined } {
  const { username, password, apiKey, ca } = settings;
  const url = URL.canParse(settings.url) ? new URL(settings.url) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw settingWrong('url', 'it must be an address like https://search.example:9200');
  if (url.username !== '' || url.password !== '') throw settingWrong('url', `it has credentials in it; give them as ${nameOf('username')} and ${nameOf('password')}`);
  if (url.search !== '' || url.hash !== '') throw settingWrong('url', 'nothing may stand behind its path');
  if (apiKey !== undefined && username !== undefined) throw settingWrong('apiKey', `either it or ${nameOf('username')} is given, not both`);
  if (password !== undefined && username === undefined) throw settingWrong('username', 'there is a password without a user');
  if (username !== undefined && password === undefined) throw settingWrong('password', 'there is a user without a password');
  if (ca === undefined) return { url, tls: undefined };
  if (url.protocol === 'http:') throw settingWrong('ca', `a certificate authority is of no use with http://; ${nameOf('url')} must begin with https://`);
  if (!isCertificate(ca)) throw settingWrong('ca', 'it is no certificate in PEM form');
  return { url, tls: { ca } };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

const PREFIX = /^(?:[a-z0-9][a-z0-9_.-]{0,99})?$/u;

/** Names of indexes begin with it. @throws Problem setting-wrong when no index name can */
export function checkPrefix(prefix: string): string {
  if (PREFIX.test(prefix)) return prefix;
  throw settingWrong('prefix', 'names of indexes begin with a small letter or a digit and have only those, hyphens, dots and underscores');
}

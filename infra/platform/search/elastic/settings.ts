import { X509Certificate } from 'node:crypto';
import { platformProblem } from '#contracts/kernel/errors.js';
import type { Problem } from '#contracts/kernel/problem.js';

/** Settings are told by these names in Problems; the caller gives those that its operator knows. */
export interface ElasticSettingNames {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly apiKey: string;
  readonly ca: string;
  readonly prefix: string;
}

export const SEARCH_SETTING_NAMES: ElasticSettingNames = {
  url: 'FOLIO_SEARCH_URL', username: 'FOLIO_SEARCH_USER', password: 'FOLIO_SEARCH_PASSWORD', apiKey: 'FOLIO_SEARCH_API_KEY', ca: 'FOLIO_SEARCH_CA', prefix: 'FOLIO_SEARCH_PREFIX',
};

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
  readonly names?: Partial<ElasticSettingNames>;
}

export const nameOf = (settings: ElasticSettings, setting: keyof ElasticSettingNames): string => settings.names?.[setting] ?? SEARCH_SETTING_NAMES[setting];

/** What is wrong with a setting, and what to do. */
export const settingWrong = (settings: ElasticSettings, setting: keyof ElasticSettingNames, reason: string, cause?: unknown): Problem =>
  platformProblem('setting-wrong', { setting: nameOf(settings, setting), reason }, { cause });

/** What can be seen without asking anybody. @throws Problem setting-wrong */
export function checkSettings(settings: ElasticSettings): { readonly url: URL; readonly tls: { readonly ca: string } | undefined } {
  const { username, password, apiKey, ca } = settings;
  const url = URL.canParse(settings.url) ? new URL(settings.url) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw settingWrong(settings, 'url', 'it must be an address like https://search.example:9200');
  if (url.username !== '' || url.password !== '') throw settingWrong(settings, 'url', `it has credentials in it; give them as ${nameOf(settings, 'username')} and ${nameOf(settings, 'password')}`);
  if (url.search !== '' || url.hash !== '') throw settingWrong(settings, 'url', 'nothing may stand behind its path');
  if (apiKey !== undefined && username !== undefined) throw settingWrong(settings, 'apiKey', `either it or ${nameOf(settings, 'username')} is given, not both`);
  if (password !== undefined && username === undefined) throw settingWrong(settings, 'username', 'there is a password without a user');
  if (username !== undefined && password === undefined) throw settingWrong(settings, 'password', 'there is a user without a password');
  if (ca === undefined) return { url, tls: undefined };
  if (url.protocol === 'http:') throw settingWrong(settings, 'ca', `a certificate authority is of no use with http://; ${nameOf(settings, 'url')} must begin with https://`);
  if (!isCertificate(ca)) throw settingWrong(settings, 'ca', 'it is no certificate in PEM form');
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
export function checkPrefix(prefix: string, setting = SEARCH_SETTING_NAMES.prefix): string {
  if (PREFIX.test(prefix)) return prefix;
  throw platformProblem('setting-wrong', { setting, reason: 'names of indexes begin with a small letter or a digit and have only those, hyphens, dots and underscores' });
}

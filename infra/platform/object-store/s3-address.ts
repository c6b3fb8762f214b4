import { platformProblem } from '#contracts/kernel/errors.js';
import type { Problem } from '#contracts/kernel/problem.js';

export interface S3Address {
  /** `http(s)://host:port`, without credentials. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  /** Undefined: those of the environment, as the AWS SDK finds them (variables, profile, role of the machine). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const DEFAULT_REGION = 'us-east-1';
const FORM = 'it must read http(s)://ACCESS:SECRET@host:port/bucket?region=…';

/** A fault of the setting; its reason never holds the secret. */
export const s3SettingWrong = (reason: string, cause?: unknown): Problem => platformProblem('setting-wrong', { setting: 'FOLIO_S3', reason }, { cause });

/** `http(s)://ACCESS:SECRET@host:port/bucket?region=…`; key and secret percent-encoded, the bucket addressed by path. @throws Problem setting-wrong */
export function parseS3Address(text: string): S3Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') throw s3SettingWrong(FORM);
  const bucket = url.pathname.replace(/^\/|\/$/gu, '');
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u.test(bucket)) throw s3SettingWrong(`it names no bucket; ${FORM}`);
  if ((url.username === '') !== (url.password === '')) throw s3SettingWrong('it has one of access key and secret, but not the other');
  const address = { endpoint: url.origin, bucket, region: url.searchParams.get('region') ?? DEFAULT_REGION };
  return url.username === '' ? address : { ...address, credentials: decoded(url) };
}

function decoded({ username, password }: URL): { accessKeyId: string; secretAccessKey: string } {
  try {
    return { accessKeyId: decodeURIComponent(username), secretAccessKey: decodeURIComponent(password) };
  } catch {
    throw s3SettingWrong('access key and secret must be percent-encoded');
  }
}

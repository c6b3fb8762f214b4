import { S3ServiceException } from '@aws-sdk/client-s3';
import { platformProblem } from '#contracts/kernel/errors.js';
import { Problem } from '#contracts/kernel/problem.js';
import { objectProblem } from './errors.js';
import { s3SettingWrong, type S3Address } from './s3-address.js';

const FULL = new Set(['QuotaExceeded', 'InsufficientStorage', 'XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded', 'StorageFull']);

const statusOf = (error: unknown): number | undefined => (error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined);
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** The object, not the bucket; a HEAD cannot tell them apart, which is why a put still fails on a bucket that is missing. */
export const isMissing = (error: unknown): boolean => statusOf(error) === 404 && (nameOf(error) === 'NoSuchKey' || nameOf(error) === 'NotFound');
/** Somebody else put the object first. */
export const isThereAlready = (error: unknown): boolean => statusOf(error) === 412;
export const isNotImplemented = (error: unknown): boolean => statusOf(error) === 501;
/** Of a bucket without object lock, or of a store that has no such thing. */
export const hasNoLock = (error: unknown): boolean => nameOf(error) === 'ObjectLockConfigurationNotFoundError' || nameOf(error) === 'MethodNotAllowed' || isNotImplemented(error);

/** A fault of the store, or of the stream that was to be stored, as its coded problem. */
export function s3Problem(error: unknown): Problem {
  if (error instanceof Problem || !(error instanceof S3ServiceException)) return objectProblem(error);
  if (FULL.has(error.name) || statusOf(error) === 507) return platformProblem('object-store-full', {}, { cause: error });
  return platformProblem('object-store-unavailable', { reason: `${error.name} (HTTP ${statusOf(error) ?? '?'})` }, { cause: error });
}

const NAMES: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: 'the access key is not known', SignatureDoesNotMatch: 'the secret does not belong to the access key', AccessDenied: 'the access key may not do what the store needs',
  AllAccessDisabled: 'the access key may not do what the store needs', ExpiredToken: 'the credentials have expired', InvalidToken: 'the credentials are not accepted',
  CredentialsProviderError: 'it has no credentials, and the environment has none either', RequestTimeTooSkewed: 'the clocks of this machine and of the store differ too much',
  PermanentRedirect: 'the bucket is in another region', AuthorizationHeaderMalformed: 'the bucket is in another region', IllegalLocationConstraintException: 'the bucket is in another region',
  BucketAlreadyExists: 'the bucket belongs to somebody else', InvalidBucketName: 'the name of the bucket is not allowed',
  ENOTFOUND: 'the host is unknown', EAI_AGAIN: 'the host is unknown', ECONNREFUSED: 'nothing listens there', EHOSTUNREACH: 'the host cannot be reached', ENETUNREACH: 'the host cannot be reached',
  ECONNRESET: 'it closes the connection; perhaps it does not speak this protocol', EPROTO: 'it does not speak TLS; write http://', ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS; write http://',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS; write http://', TimeoutError: 'it does not answer',
};
const CERTIFICATE = /^(?:CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS)/u;

/** What is wrong with the setting, where the fault can only be that; otherwise the problem of the store. */
export function s3SettingProblem(error: unknown, { endpoint, bucket }: S3Address): Problem {
  if (error instanceof Problem) return error;
  const told = (reason: string): Problem => s3SettingWrong(`${endpoint}: ${reason}`, error);
  const code = codeOf(error);
  if (nameOf(error) === 'NoSuchBucket') return told(`there is no bucket ${bucket}`);
  const known = NAMES[code] ?? NAMES[nameOf(error)];
  if (known !== undefined) return told(known);
  if (CERTIFICATE.test(code)) return told(`its certificate is not trusted (${code})`);
  const status = statusOf(error);
  if (status !== undefined && status >= 500) return s3Problem(error);
  return told(`what answers there is not S3, or it wants another protocol (${code === '' ? nameOf(error) : code}${status === undefined ? '' : `, HTTP ${status}`})`);
}

/** The SDK gathers the attempts on several addresses of one host in an AggregateError. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

import { destination, pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

/** Structured JSON lines; `child({ … })` binds fields such as the correlation id. */
export type Logger = PinoLogger;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  readonly level?: LogLevel;
  /** Where the lines go; default standard error, so that standard output stays the program's own. */
  readonly stream?: DestinationStream;
  /** Fields of every line, such as `{ role: 'api' }`. */
  readonly bindings?: Readonly<Record<string, unknown>>;
}

/** Fields that never reach a line, however they are nested (four levels). A net below the rule that nobody logs them at all. */
const SECRET_FIELDS = [
  'authorization', 'Authorization', 'password', 'newPassword', 'currentPassword', 'token', 'accessToken', 'refreshToken',
  'access_token', 'refresh_token', 'client_secret', 'secret', 'hash', 'cookie',
];
const DEPTHS = ['', '*.', '*.*.', '*.*.*.'];

export function createLogger({ level = 'info', stream, bindings = {} }: LoggerOptions = {}): Logger {
  return pino(
    {
      level,
      base: bindings,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: DEPTHS.flatMap((depth) => SECRET_FIELDS.map((field) => `${depth}${field}`)), censor: '[redacted]' },
    },
    // Synchronous: the line that explains a crash is written before the process ends.
    stream ?? destination({ fd: 2, sync: true }),
  );
}

import { ROLES, TIERS } from '#contracts/roles.js';
import { PASSWORD_LENGTH } from '../../auth/rules.js';

const text = (maxLength: number, minLength = 1) => ({ type: 'string', minLength, maxLength });
const object = (properties: Readonly<Record<string, object>>, required: readonly string[] = Object.keys(properties)) =>
  ({ type: 'object', additionalProperties: false, properties, required });
const json = (schema: object) => ({ 'application/json': schema });

const password = text(PASSWORD_LENGTH.max, PASSWORD_LENGTH.min);
const decimal = { type: 'string', pattern: '^(0|[1-9][0-9]*)$' };

/** What the bodies look like, for `/openapi.json`; the DTO classes beside this file are what is enforced. */
export const BODIES = {
  register: json(object(
    { email: { type: 'string', format: 'email', maxLength: 254 }, name: text(200), role: { enum: ROLES }, tier: { enum: TIERS, default: 'standard' }, password },
    ['email', 'name', 'role', 'password'],
  )),
  role: json(object({ role: { enum: ROLES } })),
  reason: json(object({ reason: text(400) })),
  changePassword: json(object({ currentPassword: text(1_000), newPassword: password })),
  resetPassword: json(object({ newPassword: password }, [])),
  token: json({
    oneOf: [
      object({ grant_type: { const: 'password' }, username: text(254), password: text(1_000) }),
      object({ grant_type: { const: 'refresh_token' }, refresh_token: text(200) }),
      object({ grant_type: { const: 'client_credentials' }, client_id: { type: 'string', format: 'uuid' }, client_secret: text(1_000) }),
    ],
  }),
  revoke: json(object({ token: text(4_096) })),
} as const;

const outcome = { id: { type: 'string', format: 'uuid' }, revision: decimal, position: decimal };
export const OUTCOME_SCHEMA = object(outcome);
export const RESET_SCHEMA = object({ ...outcome, password: { type: 'string' } });
export const TOKEN_SCHEMA = object(
  {
    access_token: { type: 'string' }, token_type: { const: 'Bearer' }, expires_in: { type: 'integer' },
    refresh_token: { type: 'string' }, user_id: { type: 'string', format: 'uuid' },
  },
  ['access_token', 'token_type', 'expires_in', 'user_id'],
);

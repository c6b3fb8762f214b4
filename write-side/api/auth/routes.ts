import type { Request, Response } from 'express';
import type { ClassConstructor } from 'class-transformer';
import { randomUuid, toCommandId, toUserId } from '#contracts/kernel/ids.js';
import { ROLES } from '#contracts/roles.js';
import type { Route, RequestContext } from '#platform/http/route.js';
import { validateDto } from '#platform/http/validate-dto.js';
import { problem } from '#contracts/errors.js';
import type { ServerSecret } from '../../auth/secrets.js';
import type { AuthService } from '../../auth/service.js';
import type { AdministrationCommand } from '../../auth/services/administer.js';
import type { Invocation } from '../../auth/services/dependencies.js';
import type { Answer, IdempotencyStore } from '../../idempotency/port.js';
import { sendAnswer, withIdempotency } from '../../idempotency/with-idempotency.js';
import { addressOf, bodyHashOf, invocationOf, outcomeBody, userAnswer, userIdOfPath } from './answers.js';
import { ChangePasswordDto, ChangeRoleDto, ReasonDto, RegisterUserDto, ResetPasswordDto } from './dto.js';
import { BODIES, OUTCOME_SCHEMA, RESET_SCHEMA } from './schemas.js';
import { tokenRoutes } from './token-routes.js';

export interface AuthRouteDependencies {
  readonly auth: AuthService;
  readonly idempotency: IdempotencyStore;
  readonly secret: ServerSecret;
  readonly now?: () => number;
}

const BASE = '/api/v1/auth';
const TAG = 'Users';
const done = { 200: { description: 'Done, or so already.', schema: OUTCOME_SCHEMA } };
const KEY_PARAMETER = { name: 'Idempotency-Key', in: 'header', description: 'Repetitions with the same key get the first answer, for 24 h.' } as const;
const IF_MATCH_PARAMETER = { name: 'If-Match', in: 'header', description: 'Entity tag of the user; refused when the user has moved on.' } as const;
const KEY_PROBLEMS = ['idempotency-key-invalid', 'idempotency-in-flight', 'idempotency-mismatch', 'field-invalid', 'store-unavailable', 'outcome-unknown'];

/** The commands on users and tokens; reading users is the read side's. */
export function authRoutes(deps: AuthRouteDependencies): readonly Route[] {
  return [
    registerRoute(deps),
    administrationRoute(deps, 'role', 'Change the role of a user', BODIES.role, ChangeRoleDto, ({ role }) => ({ kind: 'change-role', role })),
    administrationRoute(deps, 'suspend', 'Suspend a user', BODIES.reason, ReasonDto, ({ reason }) => ({ kind: 'suspend', reason })),
    administrationRoute(deps, 'reinstate', 'Reinstate a suspended user', BODIES.reason, ReasonDto, ({ reason }) => ({ kind: 'reinstate', reason })),
    administrationRoute(deps, 'delete', 'Delete a user and free the e-mail address', BODIES.reason, ReasonDto, ({ reason }) => ({ kind: 'delete', reason })),
    changePasswordRoute(deps),
    resetPasswordRoute(deps),
    ...tokenRoutes(deps),
  ];
}

type Work = (request: Request, context: RequestContext, call: Invocation) => Promise<Answer>;

/** A command whose answer may be kept and repeated. */
const keyed = ({ idempotency, secret, now = Date.now }: AuthRouteDependencies, work: Work): Route['handle'] =>
  async (request: Request, response: Response, context: RequestContext) => {
    const answer = await withIdempotency(idempotency, request, context, bodyHashOf(secret, request), (commandId) =>
      work(request, context, invocationOf(request, context, commandId, now())));
    sendAnswer(response, answer);
  };

const registerRoute = (deps: AuthRouteDependencies): Route => ({
  method: 'post', path: `${BASE}/users`, roles: ['admin'], reads: 'json', tag: TAG,
  summary: 'Register a user',
  body: BODIES.register,
  parameters: [KEY_PARAMETER],
  answers: { 201: { description: 'Registered.', schema: OUTCOME_SCHEMA } },
  problems: [...KEY_PROBLEMS, 'email-taken', 'password-weak'],
  handle: keyed(deps, async (request, _context, { ifRevision: _ofNothing, ...call }) => {
    const { email, name, role, tier = 'standard', password } = await validateDto(RegisterUserDto, request.body);
    const outcome = await deps.auth.registerUser({ email, name, role, tier, password }, call);
    return userAnswer(201, outcome, { Location: `${BASE}/users/${outcome.id}` });
  }),
});

const administrationRoute = <Dto extends object>(
  deps: AuthRouteDependencies, verb: string, summary: string, body: NonNullable<Route['body']>,
  dto: ClassConstructor<Dto>, command: (dto: Dto) => AdministrationCommand,
): Route => ({
  method: 'post', path: `${BASE}/users/:id/${verb}`, roles: ['admin'], reads: 'json', tag: TAG, summary, body,
  parameters: [KEY_PARAMETER, IF_MATCH_PARAMETER],
  answers: done,
  problems: [...KEY_PROBLEMS, 'user-unknown', 'user-not-active', 'user-not-suspended', 'last-admin', 'precondition-failed', 'precondition-malformed'],
  handle: keyed(deps, async (request, _context, call) => {
    const given = command(await validateDto(dto, request.body));
    return userAnswer(200, await deps.auth.administer(userIdOfPath(request), given, call));
  }),
});

const changePasswordRoute = (deps: AuthRouteDependencies): Route => ({
  method: 'post', path: `${BASE}/password`, roles: ROLES, reads: 'json', tag: TAG,
  summary: 'Change the own password; ends every session of the user',
  body: BODIES.changePassword,
  parameters: [KEY_PARAMETER, IF_MATCH_PARAMETER],
  answers: done,
  problems: [...KEY_PROBLEMS, 'password-weak', 'password-wrong', 'sign-in-throttled', 'precondition-failed', 'precondition-malformed'],
  handle: keyed(deps, async (request, { principal }, call) => {
    if (!principal) throw problem('token-missing');
    const { currentPassword, newPassword } = await validateDto(ChangePasswordDto, request.body);
    const change = { currentPassword, newPassword, address: addressOf(request) };
    return userAnswer(200, await deps.auth.changePassword(toUserId(principal.userId), change, call));
  }),
});

/** The answer carries a secret: it is never kept, so a key means nothing here. */
const resetPasswordRoute = ({ auth, now = Date.now }: AuthRouteDependencies): Route => ({
  method: 'post', path: `${BASE}/users/:id/reset-password`, roles: ['admin'], reads: 'json', tag: TAG,
  summary: "Reset a user's password; without one in the body, one is made up and told once",
  body: BODIES.resetPassword,
  parameters: [IF_MATCH_PARAMETER],
  answers: { 200: { description: 'The new password. It is not kept anywhere.', schema: RESET_SCHEMA } },
  problems: ['field-invalid', 'password-weak', 'user-unknown', 'user-not-active', 'precondition-failed', 'precondition-malformed', 'store-unavailable', 'outcome-unknown'],
  handle: async (request, response, context) => {
    const { newPassword } = await validateDto(ResetPasswordDto, request.body ?? {});
    const call = invocationOf(request, context, toCommandId(randomUuid()), now());
    const outcome = await auth.adminResetPassword(userIdOfPath(request), newPassword, call);
    const { headers } = userAnswer(200, outcome);
    sendAnswer(response, { status: 200, headers, body: { ...outcomeBody(outcome), password: outcome.password } });
  },
});

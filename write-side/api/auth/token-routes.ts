import type { Request } from 'express';
import { randomUuid, toCommandId } from '#contracts/kernel/ids.js';
import { FieldProblem } from '#platform/http/problem-document.js';
import type { Route } from '#platform/http/route.js';
import { validateDto } from '#platform/http/validate-dto.js';
import type { AuthService } from '../../auth/service.js';
import type { Invocation } from '../../auth/services/dependencies.js';
import type { IssuedTokens } from '../../auth/services/issue.js';
import { sendAnswer } from '../../idempotency/with-idempotency.js';
import { addressOf, invocationOf } from './answers.js';
import { ClientGrantDto, PasswordGrantDto, RefreshGrantDto, RevokeTokenDto } from './dto.js';
import { BODIES, TOKEN_SCHEMA } from './schemas.js';

const PATH = '/api/v1/auth/token';
const TAG = 'Tokens';

interface TokenRouteDependencies {
  readonly auth: AuthService;
  readonly now?: () => number;
}

/** Signing in and out. Public: what is in the body is the proof. Answers carry secrets: no `Idempotency-Key`, nothing is kept. */
export const tokenRoutes = ({ auth, now = Date.now }: TokenRouteDependencies): readonly Route[] => [
  {
    method: 'post', path: PATH, roles: [], reads: 'json', tag: TAG,
    summary: 'Get an access token by password, refresh token or client credentials (RFC 6749, as JSON)',
    body: BODIES.token,
    answers: { 200: { description: 'The tokens.', schema: TOKEN_SCHEMA } },
    problems: ['field-invalid', 'credentials-wrong', 'sign-in-throttled', 'token-invalid', 'refresh-reused', 'store-unavailable'],
    handle: async (request, response, context) => {
      const tokens = await grant(auth, request, invocationOf(request, context, toCommandId(randomUuid()), now()));
      sendAnswer(response, { status: 200, headers: { Pragma: 'no-cache' }, body: tokenBody(tokens) });
    },
  },
  {
    method: 'post', path: `${PATH}/revoke`, roles: [], reads: 'json', tag: TAG,
    summary: 'End the session of a refresh or access token (RFC 7009); also answers 200 when the token is none',
    body: BODIES.revoke,
    answers: { 200: { description: 'The token is not valid any more.' } },
    problems: ['field-invalid', 'store-unavailable'],
    handle: async (request, response, context) => {
      const { token } = await validateDto(RevokeTokenDto, request.body);
      await auth.revokeToken(token, invocationOf(request, context, toCommandId(randomUuid()), now()));
      sendAnswer(response, { status: 200, headers: {}, body: {} });
    },
  },
];

/** @throws Problem field-invalid, or those of the grant */
async function grant(auth: AuthService, request: Request, call: Invocation): Promise<IssuedTokens> {
  const body: unknown = request.body;
  const address = addressOf(request);
  switch (grantType(body)) {
    case 'password': {
      const { username, password } = await validateDto(PasswordGrantDto, body);
      return auth.signInWithPassword({ email: username, password, address }, call);
    }
    case 'client_credentials': {
      const { client_id: clientId, client_secret: clientSecret } = await validateDto(ClientGrantDto, body);
      return auth.signInAsClient({ clientId, clientSecret, address }, call);
    }
    case 'refresh_token': return auth.refreshTokens((await validateDto(RefreshGrantDto, body)).refresh_token, call);
    default: throw new FieldProblem([{ field: 'grant_type', reason: 'must be one of password, refresh_token, client_credentials' }]);
  }
}

const grantType = (body: unknown): unknown => (typeof body === 'object' && body !== null && 'grant_type' in body ? body.grant_type : undefined);

const tokenBody = ({ user, accessToken, expiresIn, refreshToken }: IssuedTokens) => ({
  access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn, ...(refreshToken !== undefined && { refresh_token: refreshToken }), user_id: user,
});

import type { ProblemKind } from '#contracts/kernel/problem.js';
import { PROBLEM_MEDIA_TYPE } from './problem-document.js';
import type { Route, RouteParameter } from './route.js';

export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  /** The error catalogue, for the status and the wording of each code that a route names. */
  readonly catalogue: Readonly<Record<string, ProblemKind>>;
}

/** Codes that any route can answer. */
const COMMON_PROBLEMS = ['rate-limited', 'internal', 'shutting-down'];
const PROTECTED_PROBLEMS = ['token-missing', 'token-invalid', 'role-insufficient'];
const JSON_PROBLEMS = ['body-malformed', 'body-too-large', 'media-type-unsupported'];

/** OpenAPI 3.1 of a route table: the same table that the server mounts. */
export function openApiDocument(routes: readonly Route[], info: OpenApiInfo): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (paths[openApiPath(route.path)] ??= {})[route.method] = operation(route, info.catalogue);
  return {
    openapi: '3.1.0',
    info: { title: info.title, version: info.version, ...(info.description !== undefined && { description: info.description }) },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } }, schemas: { Problem: PROBLEM_SCHEMA } },
  };
}

/** `/invoices/:id` and `/assets/*path` as `/invoices/{id}` and `/assets/{path}`. */
const openApiPath = (path: string): string => path.replaceAll(/[:*](\w+)/gu, '{$1}');

function operation(route: Route, catalogue: OpenApiInfo['catalogue']): Record<string, unknown> {
  const parameters = [...pathParameters(route), ...(route.parameters ?? [])].map(parameter);
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.tag],
    ...(route.roles.length > 0 && { security: [{ bearer: [] }], 'x-roles': route.roles }),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: { required: true, content: mapValues(route.body, (schema) => ({ schema })) } }),
    responses: { ...answers(route), ...problems(route, catalogue) },
  };
}

const operationId = ({ method, path }: Route): string =>
  method + path.replace(/^\/api\/v\d+/u, '').replaceAll(/[/:*.-]+(\w?)/gu, (_, letter: string) => letter.toUpperCase());

/** Parameters that stand in the path but are not described in the table. */
function pathParameters({ path, parameters = [] }: Route): readonly RouteParameter[] {
  const names = [...path.matchAll(/[:*](\w+)/gu)].flatMap(([, name]) => (name === undefined ? [] : [name]));
  const missing = names.filter((name) => !parameters.some((described) => described.in === 'path' && described.name === name));
  return missing.map((name) => ({ name, in: 'path', description: name, required: true }));
}

const parameter = (described: RouteParameter): Record<string, unknown> => ({
  name: described.name, in: described.in, description: described.description,
  required: described.in === 'path' || (described.required ?? false), schema: { type: 'string' },
});

const answers = (route: Route): Record<string, unknown> =>
  mapValues(route.answers, ({ description, schema, mediaType = 'application/json' }) => ({
    description, ...((schema ?? mediaType !== 'application/json') && { content: { [mediaType]: { schema: schema ?? { type: 'string' } } } }),
  }));

/** The problems of a route, one answer per status that lists its codes. */
function problems(route: Route, catalogue: OpenApiInfo['catalogue']): Record<string, unknown> {
  const codes = [
    ...COMMON_PROBLEMS, ...(route.roles.length > 0 ? PROTECTED_PROBLEMS : []), ...(route.reads === 'json' ? JSON_PROBLEMS : []), ...(route.problems ?? []),
  ];
  const byStatus = Map.groupBy(new Set(codes), (code) => catalogue[code]?.status ?? 500);
  return Object.fromEntries([...byStatus].map(([status, list]) => [String(status), {
    description: list.map((code) => `\`${code}\`: ${catalogue[code]?.template ?? 'not described'}`).join('\n\n'),
    'x-codes': list,
    content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
  }]));
}

const mapValues = <From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'RFC 9457. Further members name the facts of the error.',
  required: ['type', 'title', 'status', 'detail', 'code', 'retryable'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    retryable: { type: 'boolean' },
    correlationId: { type: 'string' },
    errors: { type: 'array', items: { type: 'object', properties: { field: { type: 'string' }, reason: { type: 'string' } } } },
  },
};

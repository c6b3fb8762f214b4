import type { Request } from 'express';
import { problem } from '#contracts/errors.js';
import { readBody } from '#platform/http/body.js';
import type { Route } from '#platform/http/route.js';
import { listRules, type ListedRule } from '../../documents/index.js';
import type { DocumentJudge } from '../../intake/documents.js';

export interface ValidateDependencies {
  readonly judge: DocumentJudge;
  readonly maxDocumentBytes: number;
}

/** Codes in one question. */
const MAX_RULES = 100;
const XML_TYPES = /^(?:application|text)\/(?:[\w.+-]+\+)?xml\b/iu;
const ROLES = ['admin', 'analyst', 'viewer'];

/** `POST /api/v1/validate`, and the rules that it goes by. Nothing is stored. */
export function validateRoutes(dependencies: ValidateDependencies): Route[] {
  return [validateRoute(dependencies), rulesRoute(), ruleRoute()];
}

function validateRoute({ judge, maxDocumentBytes }: ValidateDependencies): Route {
  return {
    method: 'post', path: '/api/v1/validate', roles: ROLES, tag: 'rules', summary: 'Judge a document without storing anything',
    parameters: [{ name: 'rule', in: 'query', description: `only these rules (code, repeatable, at most ${MAX_RULES}), on a document that need not be whole` }],
    body: { 'application/xml': { type: 'string', format: 'binary' } },
    answers: { 200: { description: 'the verdict, also on bytes that are no document; with `format` and `facts` where it is one' } },
    problems: ['rule-unknown', 'query-invalid', 'media-type-unsupported', 'body-too-large', 'judging-busy'],
    async handle(request, response) {
      const type = request.headers['content-type'] ?? '';
      if (!XML_TYPES.test(type)) throw problem('media-type-unsupported', { found: type || 'nothing', expected: 'application/xml' });
      const rules = askedRules(request);
      const { read, verdict } = await judge.judge(await readBody(request, maxDocumentBytes), undefined, rules);
      response.json({ ...(read.kind === 'document' && { format: read.format, facts: read.facts }), ...(read.kind === 'unsupported' && { root: read.root }), ...verdict });
    },
  };
}

/** @throws Problem rule-unknown | query-invalid */
function askedRules(request: Request): readonly string[] | undefined {
  const asked = new URLSearchParams(request.url.split('?')[1] ?? '').getAll('rule');
  if (asked.length === 0) return undefined;
  if (asked.length > MAX_RULES) throw problem('query-invalid', { name: 'rule', reason: `at most ${MAX_RULES} rules` });
  const known = new Set(listRules().map(({ code }) => code));
  for (const code of asked) if (!known.has(code)) throw problem('rule-unknown', { rule: code.slice(0, 40) });
  return asked;
}

const ruleBody = ({ code, severity, term, es, en, source, kinds }: ListedRule) => ({ code, severity, term, message: { es, en }, source, kinds });

function rulesRoute(): Route {
  return {
    method: 'get', path: '/api/v1/rules', roles: ROLES, tag: 'rules', summary: 'Every rule that documents are judged by',
    parameters: [{ name: 'prefix', in: 'query', description: 'only codes that begin so, `BR-CO-`' }],
    answers: { 200: { description: 'code, severity, field or business term, sentence in Spanish and English, source, and the kinds of documents that it is about' } },
    handle(request, response) {
      const prefix = new URLSearchParams(request.url.split('?')[1] ?? '').get('prefix') ?? '';
      response.json({ items: listRules().filter(({ code }) => code.startsWith(prefix)).map(ruleBody) });
    },
  };
}

function ruleRoute(): Route {
  return {
    method: 'get', path: '/api/v1/rules/:code', roles: ROLES, tag: 'rules', summary: 'One rule',
    parameters: [{ name: 'code', in: 'path', description: 'its code, `CFDI40108`', required: true }],
    answers: { 200: { description: 'the rule' } }, problems: ['rule-unknown'],
    handle(request, response) {
      const code = String(request.params['code']);
      const rule = listRules().find((one) => one.code === code);
      if (!rule) throw problem('rule-unknown', { rule: code.slice(0, 40) });
      response.json(ruleBody(rule));
    },
  };
}

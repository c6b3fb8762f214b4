import { expect } from 'chai';
import { generatedCfdi } from '../../../cli/demo/index.js';
import { validateRoutes } from '../../../write-side/api/invoices/validate-routes.js';
import { judgeBytes } from '../../../write-side/judging/judge-bytes.js';
import { problemOf, serve, type Running } from './support.js';

interface Answer { readonly verdict: string; readonly format?: string; readonly facts?: { readonly issuer: { readonly id: string } }; readonly findings: readonly { readonly code: string }[]; readonly checked: readonly string[]; readonly root?: string }

describe('validation over HTTP', () => {
  let running: Running;
  before(async () => {
    running = await serve(validateRoutes({ judge: { judge: async (bytes, expected, rules) => judgeBytes({ bytes, expected, rules }) }, maxDocumentBytes: 100_000 }));
  });
  after(() => running.stop());

  const authorization = 'Bearer role.viewer';
  const post = (body: string, query = '', type = 'application/xml'): Promise<Response> => fetch(`${running.url}/api/v1/validate${query}`, { method: 'POST', body, headers: { authorization, 'content-type': type } });
  const judged = async (body: string, query = ''): Promise<Answer> => (await (await post(body, query)).json()) as Answer;
  const get = (path: string): Promise<Response> => fetch(running.url + path, { headers: { authorization } });
  const right = Buffer.from(generatedCfdi({ index: 3 })).toString();

  it('answers the verdict with what the document says', async () => {
    const answer = await judged(right);
    expect([answer.verdict.startsWith('valid'), answer.format, answer.facts?.issuer.id?.length]).to.deep.equal([true, 'cfdi-4.0', 12]);
    expect(answer.checked.length).to.be.greaterThan(20);
  });

  it('answers a verdict also on what is no document', async () => {
    expect(await judged('<a>')).to.deep.include({ verdict: 'unreadable' });
    expect(await judged('<a/>')).to.deep.include({ verdict: 'unreadable', root: 'a' });
  });

  it('judges a fragment by the rules that are asked for', async () => {
    const fragment = '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>';
    const answer = await judged(fragment, '?rule=BR-02&rule=BR-03');
    expect([answer.findings.map(({ code }) => code).toSorted(), [...answer.checked].toSorted()]).to.deep.equal([['BR-02', 'BR-03'], ['BR-02', 'BR-03']]);
  });

  it('refuses an unknown rule, another media type, and what is too large', async () => {
    expect((await problemOf(await post(right, '?rule=NOTHING'))).code).to.equal('rule-unknown');
    expect((await problemOf(await post(right, `?${'rule=BR-02&'.repeat(101)}`))).code).to.equal('query-invalid');
    expect((await problemOf(await post(right, '', 'application/json'))).code).to.equal('media-type-unsupported');
    expect((await problemOf(await post('x'.repeat(100_001)))).code).to.equal('body-too-large');
  });

  it('lists the rules, and shows one', async () => {
    const { items } = (await (await get('/api/v1/rules?prefix=BR-CO-1')).json()) as { items: { code: string; message: { es: string } }[] };
    expect(items.length).to.be.greaterThan(5);
    expect(items.every(({ code, message }) => code.startsWith('BR-CO-1') && message.es.length > 10)).to.equal(true);
    expect(await (await get('/api/v1/rules/CFDI40108')).json()).to.deep.include({ code: 'CFDI40108', severity: 'error', kinds: ['cfdi-4.0'] });
    expect((await problemOf(await get('/api/v1/rules/NOTHING'))).code).to.equal('rule-unknown');
  });
});

import { authorityAnswer, type AuthorityAnswer, type AuthorityState } from '#contracts/invoice/authority.js';
import { problem } from '#contracts/errors.js';
import { xmlText, type SatReply, type SatStatusService } from '#platform/outbound/sat-status.js';
import type { AuthorityQuestion, AuthorityStatus } from './port.js';

const STATES: ReadonlyMap<string, AuthorityState> = new Map([['vigente', 'in-force'], ['cancelado', 'cancelled'], ['no encontrado', 'not-found']]);
/** `N - 601`: the expression is refused; the rest of such an answer means nothing, whatever stands in it. */
const REFUSED = /(?:^|\D)601(?:\D|$)/u;
/** `S - …`: the document was found. */
const FOUND = /^S\b/u;
/** `N - 602`: it was not. */
const MISSING = /^N\b.*\b602\b/u;

/** Without leading zeros, without trailing ones behind the point: a total in another form is the commonest reason why a document is not found. */
const plainTotal = (total: string): string => {
  const [whole = '', decimals = ''] = total.split('.');
  const kept = decimals.replace(/0+$/u, '');
  return `${whole.replace(/^0+(?=\d)/u, '')}${kept === '' ? '' : `.${kept}`}`;
};

/** The expression of the printed code (Anexo 20): an `&` of an RFC stands in it as an entity, before the whole of it becomes the text of an element. */
export const expressionOf = ({ issuer, receiver, total, uuid, sealEnd }: AuthorityQuestion): string =>
  `?re=${xmlText(issuer)}&rr=${xmlText(receiver)}&tt=${plainTotal(total)}&id=${uuid}&fe=${sealEnd}`;

const failed = (reason: string, final = false) => problem('fetch-failed', { reason, final });

/** What the words mean. Code and state must agree. @throws Problem fetch-failed */
export function answerOf(said: SatReply): AuthorityAnswer {
  const { CodigoEstatus: code = '', Estado: state = '' } = said;
  if (REFUSED.test(code)) throw failed('the authority refused the expression (601)', true);
  const status = STATES.get(state.toLowerCase().replaceAll(/\s+/gu, ' '));
  if (status === undefined || !(status === 'not-found' ? MISSING : FOUND).test(code)) throw failed('the authority gave a code and a state that are not known together');
  const answer = authorityAnswer.safeParse({
    status, code,
    ...(said.EsCancelable !== undefined && { cancellable: said.EsCancelable }),
    ...(said.EstatusCancelacion !== undefined && { cancellation: said.EstatusCancelacion }),
    ...(said.ValidacionEFOS !== undefined && { taxpayerList: said.ValidacionEFOS }),
  });
  if (!answer.success) throw failed('the words of the authority are longer than any that are known');
  return answer.data;
}

/** The SAT behind the port. */
export const satStatus = (service: SatStatusService): AuthorityStatus => ({
  ask: async (question, signal) => answerOf(await service.consult(expressionOf(question), signal)),
  close: () => service.close(),
});

import { expect } from 'chai';
import type { AuthorityAnswer } from '#contracts/invoice/authority.js';
import type { AuthorityQuestion, AuthorityStatus } from '../../write-side/authority/port.js';
import { codeOf } from '../support/until.js';

/** What a test makes an authority say: an answer, that it takes no such question, something that means nothing, or nothing at all. */
export type Said = AuthorityAnswer | 'refuses' | 'babbles' | 'is silent' | 'is broken';

export interface ScriptedAuthority {
  readonly authority: AuthorityStatus;
  /** Until it is told otherwise. */
  says(said: Said): void;
  /** How often it was asked. */
  asked(): number;
  close(): Promise<void>;
}

export const SOME_QUESTION: AuthorityQuestion = { issuer: 'AAA010101AAA', receiver: 'XAXX010101000', total: '1160.00', uuid: '6F1D5A2E-0B3C-4D5E-8F90-A1B2C3D4E5F6', sealEnd: 'u/+uDg==' };

const FOUND = 'S - Comprobante obtenido satisfactoriamente.';
const ANSWERS: readonly AuthorityAnswer[] = [
  { status: 'in-force', code: FOUND, cancellable: 'Cancelable sin aceptación', taxpayerList: '200' },
  { status: 'cancelled', code: FOUND, cancellable: 'No cancelable', cancellation: 'Plazo vencido', taxpayerList: '100' },
  { status: 'not-found', code: 'N - 602: Comprobante no encontrado.' },
];

/** What every authority behind the port promises. `open` gives one that waits for an answer no longer than some hundred milliseconds and is left alone after three failures in a row. */
export function authorityStatusSuite(name: string, open: () => Promise<ScriptedAuthority>): void {
  describe(`An authority (${name})`, () => {
    const never = new AbortController().signal;
    let scripted: ScriptedAuthority;
    beforeEach(async () => { scripted = await open(); });
    afterEach(() => scripted.close());
    const ask = (signal = never): Promise<AuthorityAnswer> => scripted.authority.ask(SOME_QUESTION, signal);
    const finality = (): Promise<unknown> => ask().catch((error: unknown) => (error as { detail: { final?: boolean } }).detail.final ?? false);

    for (const answer of ANSWERS) {
      it(`says of a document that it is ${answer.status}, in its own words`, async () => {
        scripted.says(answer);
        expect(await ask()).to.deep.equal(answer);
        expect(await ask(), 'asked again').to.deep.equal(answer);
      });
    }

    it('has no status where it refuses the question, which repeating it soon does not change', async () => {
      scripted.says('refuses');
      expect([await codeOf(ask()), await finality()]).to.deep.equal(['fetch-failed', true]);
    });

    it('has no status where its words mean nothing', async () => {
      scripted.says('babbles');
      expect([await codeOf(ask()), await finality()]).to.deep.equal(['fetch-failed', false]);
    });

    it('is not waited for without end', async () => {
      scripted.says('is silent');
      expect([await codeOf(ask()), await finality()]).to.deep.equal(['fetch-failed', false]);
    });

    it('is given up by whoever asked', async () => {
      scripted.says('is silent');
      const enough = new AbortController();
      const asked = ask(enough.signal);
      enough.abort();
      expect(await codeOf(asked)).to.equal('fetch-failed');
    });

    it('is left alone for a while when it keeps failing, and refusing is no failing', async () => {
      scripted.says('refuses');
      for (let time = 0; time < 5; time += 1) expect(await codeOf(ask())).to.equal('fetch-failed');
      scripted.says('is broken');
      const before = scripted.asked();
      for (let time = 0; time < 3; time += 1) expect(await codeOf(ask())).to.equal('fetch-failed');
      expect(await codeOf(ask())).to.equal('upstream-unavailable');
      expect(scripted.asked() - before).to.equal(3);
    });
  });
}

import { expect } from 'chai';
import fc from 'fast-check';
import type { DirectoryCommand, EmailCommand, UserCommand } from '#contracts/commands/auth.js';
import type { Rejection } from '#contracts/errors.js';
import type { DomainEvent } from '#contracts/events/index.js';
import { toUserId } from '#contracts/kernel/ids.js';
import { ROLES, TIERS } from '#contracts/roles.js';
import { directoryDecider } from '../../../write-side/auth/directory/decide.js';
import { emailDecider } from '../../../write-side/auth/email/decide.js';
import { sessionDecider } from '../../../write-side/auth/session/decide.js';
import { initial as emptyJournal, MAX_SESSION_RECORDS, type SessionCommand } from '../../../write-side/auth/session/state.js';
import { userDecider } from '../../../write-side/auth/user/decide.js';

interface Fact { readonly type: string; readonly data: unknown }
interface AnyDecider<State, Command, Event extends DomainEvent> {
  readonly initial: State;
  evolve(state: State, event: Event): State;
  decide(command: Command, state: State): readonly Fact[] | Rejection;
}

const asEvent = <Event extends DomainEvent>(fact: Fact): Event => ({ ...fact, recordedAt: '2026-01-01T00:00:00.000Z' }) as unknown as Event;
const fold = <State, Command, Event extends DomainEvent>(decider: AnyDecider<State, Command, Event>, facts: readonly Fact[], from = decider.initial): State =>
  facts.reduce((state, fact) => decider.evolve(state, asEvent<Event>(fact)), from);

/** given facts, when a command, then facts or the code of the refusal. */
const given = <State, Command, Event extends DomainEvent>(decider: AnyDecider<State, Command, Event>, ...facts: readonly Fact[]) => ({
  when: (command: Command) => {
    const decision = decider.decide(command, fold(decider, facts));
    return 'rejected' in decision ? decision.rejected : decision;
  },
});

const [ana, ben] = [toUserId('00000000-0000-4000-8000-00000000000a'), toUserId('00000000-0000-4000-8000-00000000000b')];
const registration = { email: 'a@example.com', name: 'A', role: 'analyst', tier: 'standard', credential: 'c1' } as const;
const registered = { type: 'auth.user.registered', data: registration };
const suspended = { type: 'auth.user.suspended', data: { reason: 'r' } };
const deleted = { type: 'auth.user.deleted', data: { reason: 'r' } };

describe('A user', () => {
  const user = (...facts: readonly Fact[]) => given(userDecider, ...facts);
  const cases: readonly (readonly [string, readonly Fact[], UserCommand, unknown])[] = [
    ['is registered once', [], { kind: 'register', ...registration }, [registered]],
    ['is not registered again', [registered], { kind: 'register', ...registration }, []],
    ['is not registered under another address', [registered], { kind: 'register', ...registration, email: 'b@example.com' }, 'email-taken'],
    ['changes role', [registered], { kind: 'change-role', role: 'admin' }, [{ type: 'auth.user.role-changed', data: { from: 'analyst', to: 'admin' } }]],
    ['keeps a role that it has', [registered], { kind: 'change-role', role: 'analyst' }, []],
    ['does not change role while suspended', [registered, suspended], { kind: 'change-role', role: 'admin' }, 'user-not-active'],
    ['is suspended', [registered], { kind: 'suspend', reason: 'r' }, [suspended]],
    ['is suspended once', [registered, suspended], { kind: 'suspend', reason: 'again' }, []],
    ['is not suspended after deletion', [registered, deleted], { kind: 'suspend', reason: 'r' }, 'user-not-active'],
    ['is reinstated', [registered, suspended], { kind: 'reinstate', reason: 'r' }, [{ type: 'auth.user.reinstated', data: { reason: 'r' } }]],
    ['is reinstated when nothing was suspended: no event', [registered], { kind: 'reinstate', reason: 'r' }, []],
    ['is not reinstated after deletion', [registered, deleted], { kind: 'reinstate', reason: 'r' }, 'user-not-suspended'],
    ['is deleted, also while suspended', [registered, suspended], { kind: 'delete', reason: 'r' }, [deleted]],
    ['is deleted once', [registered, deleted], { kind: 'delete', reason: 'again' }, []],
    ['changes the password', [registered], { kind: 'change-password', credential: 'c2', by: 'self' }, [{ type: 'auth.user.password-changed', data: { credential: 'c2', by: 'self' } }]],
    ['does not change the password after deletion', [registered, deleted], { kind: 'change-password', credential: 'c2', by: 'admin' }, 'user-not-active'],
    ['that nobody registered is unknown', [], { kind: 'delete', reason: 'r' }, 'user-unknown'],
  ];
  for (const [title, facts, command, expected] of cases) it(title, () => expect(user(...facts).when(command)).to.deep.equal(expected));
});

describe('An e-mail address', () => {
  const claimed = { type: 'auth.email.claimed', data: { user: ana } };
  const email = (...facts: readonly Fact[]) => given(emailDecider, ...facts);
  it('belongs to the first who claims it', () => {
    expect(email().when({ kind: 'claim', user: ana })).to.deep.equal([claimed]);
    expect(email(claimed).when({ kind: 'claim', user: ana })).to.deep.equal([]);
    expect(email(claimed).when({ kind: 'claim', user: ben })).to.equal('email-taken');
  });
  it('is free again after its owner released it, and only then', () => {
    const released = { type: 'auth.email.released', data: { user: ana, reason: 'r' } };
    expect(email(claimed).when({ kind: 'release', user: ben, reason: 'r' })).to.deep.equal([]);
    expect(email(claimed).when({ kind: 'release', user: ana, reason: 'r' })).to.deep.equal([released]);
    expect(email(claimed, released).when({ kind: 'claim', user: ben })).to.deep.equal([{ type: 'auth.email.claimed', data: { user: ben } }]);
  });
});

describe('The directory of active admins', () => {
  const granted = (user: typeof ana) => ({ type: 'auth.admin.granted', data: { user } });
  const directory = (...facts: readonly Fact[]) => given(directoryDecider, ...facts);
  it('keeps its last member', () => {
    expect(directory(granted(ana)).when({ kind: 'revoke', user: ana, reason: 'r' })).to.equal('last-admin');
  });
  it('lets one of two go', () => {
    expect(directory(granted(ana), granted(ben)).when({ kind: 'revoke', user: ana, reason: 'r' })).to.deep.equal([{ type: 'auth.admin.revoked', data: { user: ana, reason: 'r' } }]);
  });
  it('takes a member once and loses a stranger without a word', () => {
    expect(directory(granted(ana)).when({ kind: 'grant', user: ana })).to.deep.equal([]);
    expect(directory(granted(ana)).when({ kind: 'revoke', user: ben, reason: 'r' })).to.deep.equal([]);
  });
});

describe('The session journal', () => {
  const signIn: SessionCommand = { kind: 'record-sign-in', user: ana, method: 'password', tokenId: 't1', family: 'f1', expiresAt: '2026-01-02T00:00:00.000Z' };
  it('records a sign-in and its token together, once', () => {
    const facts = sessionDecider.decide(signIn, emptyJournal);
    if ('rejected' in facts) throw new Error('refused');
    expect(facts.map((fact) => fact.type)).to.deep.equal(['auth.user.authenticated', 'auth.token.issued']);
    expect(given(sessionDecider, ...facts).when(signIn)).to.deep.equal([]);
  });
  it('takes revocations only once it is full', () => {
    const failures = Array.from({ length: MAX_SESSION_RECORDS }, () => ({ type: 'auth.user.authentication-failed', data: { user: ana, reason: 'r' } }));
    const full = given(sessionDecider, ...failures);
    expect(full.when(signIn)).to.deep.equal([]);
    expect(full.when({ kind: 'record-revocation', user: ana, family: 'f1', reason: 'r' })).to.have.length(1);
  });
});

describe('Every decider of users', () => {
  const user = fc.constantFrom(ana, ben);
  const reason = fc.string({ minLength: 1, maxLength: 20 });
  const role = fc.constantFrom(...ROLES);
  const userCommand: fc.Arbitrary<UserCommand> = fc.oneof(
    fc.record({ kind: fc.constant('register' as const), email: fc.emailAddress(), name: reason, role, tier: fc.constantFrom(...TIERS), credential: fc.uuid() }),
    fc.record({ kind: fc.constant('change-role' as const), role }),
    fc.record({ kind: fc.constantFrom('suspend' as const, 'reinstate' as const, 'delete' as const), reason }),
    fc.record({ kind: fc.constant('change-password' as const), credential: fc.uuid(), by: fc.constantFrom('self' as const, 'admin' as const) }),
  );
  const emailCommand: fc.Arbitrary<EmailCommand> = fc.oneof(fc.record({ kind: fc.constant('claim' as const), user }), fc.record({ kind: fc.constant('release' as const), user, reason }));
  const directoryCommand: fc.Arbitrary<DirectoryCommand> = fc.oneof(fc.record({ kind: fc.constant('grant' as const), user }), fc.record({ kind: fc.constant('revoke' as const), user, reason }));
  const token = { user, tokenId: fc.uuid(), family: fc.uuid(), expiresAt: fc.constant('2026-01-02T00:00:00.000Z') };
  const sessionCommand: fc.Arbitrary<SessionCommand> = fc.oneof(
    fc.record({ kind: fc.constant('record-sign-in' as const), method: fc.constantFrom('password' as const, 'client-credentials' as const), ...token }),
    fc.record({ kind: fc.constant('record-refresh' as const), replaces: fc.uuid(), ...token }),
    fc.record({ kind: fc.constant('record-revocation' as const), user, family: fc.uuid(), reason }),
  );
  const facts: fc.Arbitrary<Fact> = fc.oneof(
    fc.record({ type: fc.constant('auth.user.registered'), data: fc.record({ email: fc.emailAddress(), name: reason, role, tier: fc.constantFrom(...TIERS), credential: fc.uuid() }) }),
    fc.record({ type: fc.constant('auth.user.role-changed'), data: fc.record({ from: role, to: role }) }),
    fc.record({ type: fc.constantFrom('auth.user.suspended', 'auth.user.reinstated', 'auth.user.deleted'), data: fc.record({ reason }) }),
    fc.record({ type: fc.constant('auth.user.password-changed'), data: fc.record({ credential: fc.uuid(), by: fc.constant('self') }) }),
  );

  function laws<State, Command, Event extends DomainEvent>(name: string, decider: AnyDecider<State, Command, Event>, commands: fc.Arbitrary<Command>): void {
    it(`(${name}) answers a repeated command with no event`, () => {
      fc.assert(fc.property(fc.array(commands, { maxLength: 12 }), (sequence) => {
        let state = decider.initial;
        for (const command of sequence) {
          const decision = decider.decide(command, state);
          if ('rejected' in decision) continue;
          state = fold(decider, decision, state);
          expect(decider.decide(command, state)).to.deep.equal([]);
        }
      }));
    });
  }
  laws('user', userDecider, userCommand);
  laws('email', emailDecider, emailCommand);
  laws('directory', directoryDecider, directoryCommand);
  laws('session', sessionDecider, sessionCommand);

  it('answers any command on any history of a user', () => {
    fc.assert(fc.property(fc.array(facts, { maxLength: 10 }), userCommand, (history, command) => {
      const decision = userDecider.decide(command, fold(userDecider, history));
      expect('rejected' in decision ? typeof decision.rejected : decision.length <= 1).to.be.oneOf(['string', true]);
    }));
  });

  it('never lets the directory become empty once it had a member', () => {
    fc.assert(fc.property(fc.array(directoryCommand, { maxLength: 30 }), (sequence) => {
      let state = fold(directoryDecider, [{ type: 'auth.admin.granted', data: { user: ana } }]);
      for (const command of sequence) {
        const decision = directoryDecider.decide(command, state);
        if (!('rejected' in decision)) state = fold(directoryDecider, decision, state);
        expect(state.admins).not.to.be.empty;
      }
    }));
  });
});

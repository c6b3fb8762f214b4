import type { DirectoryCommand, EmailCommand, UserCommand } from '#contracts/commands/auth.js';
import type { CommandOutcome } from '#contracts/commands/outcome.js';
import { decodeTrusted } from '#contracts/events/decode.js';
import type { DomainEvent } from '#contracts/events/index.js';
import type { Envelope } from '#contracts/kernel/envelope.js';
import { derivedUuid, randomUuid, toCommandId, type StreamId, type UserId } from '#contracts/kernel/ids.js';
import type { EventStore } from '#platform/event-store/port.js';
import type { Logger } from '#platform/logger.js';
import { handleCommand, type CommandContext, type Handled } from '../../handle-command.js';
import { directoryDecider } from '../directory/decide.js';
import type { DirectoryState } from '../directory/state.js';
import { emailDecider } from '../email/decide.js';
import type { EmailState } from '../email/state.js';
import type { PasswordHasher } from '../passwords/hasher.js';
import type { SignInThrottle } from '../passwords/throttle.js';
import type { ServerSecret } from '../secrets.js';
import type { CredentialStore } from '../stores/credential-store.js';
import type { RefreshTokenStore } from '../stores/refresh-token-store.js';
import { DIRECTORY_STREAM, emailStream, routingOf, userStream } from '../streams.js';
import type { AccessTokens } from '../tokens/access-token.js';
import type { RevocationList } from '../tokens/revocations.js';
import { userDecider } from '../user/decide.js';
import type { UserState } from '../user/state.js';

export interface AuthLifetimes {
  readonly accessMs: number;
  readonly refreshMs: number;
  /** A claimed address whose user was not registered within this time may be taken over. */
  readonly unfinishedClaimMs: number;
}

const HOUR_MS = 3_600_000;
export const DEFAULT_LIFETIMES: AuthLifetimes = { accessMs: 24 * HOUR_MS, refreshMs: 30 * 24 * HOUR_MS, unfinishedClaimMs: HOUR_MS / 6 };

export interface AuthDependencies {
  readonly log: EventStore;
  readonly credentials: CredentialStore;
  readonly refreshTokens: RefreshTokenStore;
  readonly hasher: PasswordHasher;
  readonly throttle: SignInThrottle;
  readonly accessTokens: AccessTokens;
  readonly revocations: RevocationList;
  readonly secret: ServerSecret;
  readonly lifetimes: AuthLifetimes;
  readonly logger: Logger;
  /** Counted per attempt; for a metric. */
  readonly onSignIn: (outcome: 'succeeded' | 'failed' | 'unknown') => void;
  readonly now: () => number;
}

/** Circumstances of a call: those of a command, without what the streams decide themselves. */
export type Invocation = Omit<CommandContext, 'routing'>;

export interface UserOutcome extends CommandOutcome {
  readonly id: UserId;
  readonly state: UserState;
}

/** The context of one step of a call: an id of its own, so that a repetition of the call repeats its steps. */
function stepContext({ ifRevision: _ofTheUser, ...call }: Invocation, step: string, stream: StreamId): CommandContext {
  return { ...call, commandId: toCommandId(derivedUuid('command', call.commandId, step)), routing: routingOf(stream) };
}

export const handleUser = ({ log }: AuthDependencies, user: UserId, command: UserCommand, call: Invocation): Promise<Handled<UserState>> =>
  handleCommand(log, userDecider, userStream(user), command, { ...call, routing: routingOf(userStream(user)) });

export const handleEmail = ({ log }: AuthDependencies, hmac: string, command: EmailCommand, call: Invocation, step: string): Promise<Handled<EmailState>> =>
  handleCommand(log, emailDecider, emailStream(hmac), command, stepContext(call, step, emailStream(hmac)));

/** Membership itself makes a repetition harmless, so each step has an id of its own: one that was undone meanwhile is decided again. */
export const handleDirectory = ({ log }: AuthDependencies, command: DirectoryCommand, call: Invocation): Promise<Handled<DirectoryState>> =>
  handleCommand(log, directoryDecider, DIRECTORY_STREAM, command, stepContext(call, randomUuid(), DIRECTORY_STREAM));

export interface Loaded<State> {
  readonly state: State;
  readonly history: readonly Envelope[];
}

async function load<State, Event extends DomainEvent>(log: EventStore, stream: StreamId, decider: { initial: State; evolve(state: State, event: Event): State }): Promise<Loaded<State>> {
  const history = await log.readStream(stream);
  return { history, state: history.reduce((folded, event) => decider.evolve(folded, decodeTrusted(event) as Event), decider.initial) };
}

export const loadUser = ({ log }: AuthDependencies, user: UserId): Promise<Loaded<UserState>> => load(log, userStream(user), userDecider);
export const loadEmail = ({ log }: AuthDependencies, hmac: string): Promise<Loaded<EmailState>> => load(log, emailStream(hmac), emailDecider);
export const loadDirectory = ({ log }: AuthDependencies): Promise<Loaded<DirectoryState>> => load(log, DIRECTORY_STREAM, directoryDecider);

/** Whether this very command has been carried out on the stream. */
export const wasDone = ({ history }: Loaded<unknown>, { commandId }: Invocation): boolean => history.some((event) => event.causationId === commandId);

export const outcomeOf = (id: UserId, { revision, position, state }: Handled<UserState>): UserOutcome => ({ id, revision, position, state });

import { NO_MONTH, type Routing } from '#contracts/kernel/envelope.js';
import { toStreamId, toUserId, type StreamId, type UserId } from '#contracts/kernel/ids.js';

export const DIRECTORY_STREAM = toStreamId('directory-admins');
const USER_PREFIX = 'user-';

export const userStream = (user: UserId): StreamId => toStreamId(`${USER_PREFIX}${user}`);
export const emailStream = (emailHmac: string): StreamId => toStreamId(`email-${emailHmac}`);

/** Month (UTC) of the instant: `session-{user}-{yyyymm}`. */
export const sessionStream = (user: UserId, instant: string): StreamId => toStreamId(`session-${user}-${instant.slice(0, 7).replace('-', '')}`);

export const userOfStream = (stream: StreamId): UserId | undefined => (stream.startsWith(USER_PREFIX) ? toUserId(stream.slice(USER_PREFIX.length)) : undefined);

/** Streams of users have no month and their own shard key. */
export const routingOf = (stream: StreamId): Routing => ({ shardKey: stream, month: NO_MONTH });

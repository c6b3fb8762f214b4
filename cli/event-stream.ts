/** One event of the live tail: its position, its type, its data as JSON text. */
export interface TailEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** Characters of one unfinished event kept at most; the server's events are far smaller. */
const MAX_PENDING = 4_000_000;

/** A parser of server-sent events: text in, complete events out; what is incomplete waits for the next text. */
export function createParser(): (text: string) => TailEvent[] {
  let pending = '';
  return (text) => {
    pending += text;
    if (pending.length > MAX_PENDING) throw new Error('an event of the stream has no end');
    const blocks = pending.split('\n\n');
    pending = blocks.pop() ?? '';
    return blocks.map(parseBlock).filter((event) => event !== undefined);
  };
}

function parseBlock(block: string): TailEvent | undefined {
  const event = { id: '', type: 'message', data: '' };
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /u, '');
    if (line.startsWith('id')) event.id = value;
    if (line.startsWith('event')) event.type = value;
    if (line.startsWith('data')) event.data += value;
  }
  return event.data === '' ? undefined : event;
}

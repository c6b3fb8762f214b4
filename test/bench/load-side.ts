import { connect } from 'node:net';
import { percentile } from './contract.js';
import { answerSide } from './side.js';

export interface LoadInput {
  readonly port: number;
  readonly path: string;
  readonly headers: readonly string[];
  readonly connections: number;
  readonly milliseconds: number;
}

export interface LoadAnswer {
  readonly perSecond: number;
  readonly p99: number;
  /** Body of the last answer of each connection. */
  readonly bodies: readonly string[];
}

/** Keep-alive requests one after the other on so many connections; the same for both sides. */
answerSide(async ({ port, path, headers, connections, milliseconds }: LoadInput): Promise<LoadAnswer> => {
  const request = Buffer.from([`GET ${path} HTTP/1.1`, 'Host: bench', ...headers, '', ''].join('\r\n'));
  const times: number[] = [];
  const began = performance.now();
  const deadline = began + milliseconds;
  // This process never sleeps: waking it would be work of the server's core, which a client on another machine does not cause, and would
  // weigh most on the slower side.
  let done = false;
  const stayAwake = (): void => { if (!done) setImmediate(stayAwake); };
  stayAwake();
  const bodies = await Promise.all(Array.from({ length: connections }, () => converse(port, request, deadline, times)));
  done = true;
  return { perSecond: times.length / ((performance.now() - began) / 1_000), p99: percentile(times, 0.99), bodies };
});

function converse(port: number, request: Buffer, deadline: number, times: number[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let sent = 0;
    let received: Buffer = Buffer.alloc(0);
    const send = (): void => {
      sent = performance.now();
      socket.write(request);
    };
    socket.on('connect', send).on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = received.toString('latin1', 0, end);
      const length = Number(/content-length: (\d+)/iu.exec(head)?.[1] ?? 0);
      if (received.length < end + 4 + length) return;
      if (!head.startsWith('HTTP/1.1 200')) {
        reject(new Error(head.split('\r\n')[0]));
        return;
      }
      const now = performance.now();
      times.push(now - sent);
      if (now < deadline) {
        received = Buffer.alloc(0);
        return send();
      }
      resolve(received.toString('utf8', end + 4));
      socket.destroy();
    });
  });
}

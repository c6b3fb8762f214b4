import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const ANSWERS = Symbol('answers');
type Connection = Socket & { [ANSWERS]?: ServerResponse[] };

/**
 * Open connections, and what each is answering. The answers hang on their connection: a set of all of them, whose members come and go with every
 * request, would keep every one of them alive until the next full collection (each growth of a set leaves its old table behind, and that one
 * leads to the next).
 */
export class Connections {
  readonly #open = new Set<Connection>();

  add(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
  }

  /** @returns to be called when the answer is over */
  began(response: ServerResponse): () => void {
    const socket = response.socket as Connection | null;
    if (!socket) return () => undefined;
    // More than one only where a client sends requests without waiting for answers.
    const answers = (socket[ANSWERS] ??= []);
    answers.push(response);
    return () => { answers.splice(answers.indexOf(response), 1); };
  }

  /** Everything under way closes its connection when it is answered. */
  closeAfterAnswers(): void {
    for (const socket of this.#open) {
      for (const response of socket[ANSWERS] ?? []) if (!response.headersSent) response.setHeader('Connection', 'close');
    }
  }

  /** Ends connections that answer nothing now. */
  closeUnused(): void {
    for (const socket of this.#open) if ((socket[ANSWERS] ?? []).length === 0) socket.destroy();
  }
}

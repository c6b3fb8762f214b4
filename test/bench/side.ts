import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** One side in a process of its own, asked any number of times. */
export class Side {
  readonly #child: ChildProcess;
  readonly #file: string;

  /** @param file a built module beside this one */
  constructor(file: string) {
    this.#file = file;
    this.#child = fork(fileURLToPath(new URL(file, import.meta.url)), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  /** One question at a time. */
  ask<Answer>(input: unknown): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const lost = (code: number | null): void => reject(new Error(`${this.#file} ended with code ${code ?? 'none'} before it answered`));
      this.#child.once('exit', lost);
      this.#child.once('message', (answer) => {
        this.#child.off('exit', lost);
        resolve(answer as Answer);
      });
      this.#child.send(input as object);
    });
  }

  /** More about the question that is being answered; the other end reads it by itself. */
  tell(input: object): void {
    this.#child.send(input);
  }

  /** Resolves when the process is gone. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.connected) this.#child.disconnect();
    await gone;
  }
}

/** Asks a side of its own once. */
export async function runSide<Answer>(file: string, input: unknown): Promise<Answer> {
  const side = new Side(file);
  try {
    return await side.ask<Answer>(input);
  } finally {
    await side.end();
  }
}

/** The other end: answers every question; `close` releases what would keep the process alive. */
export function answerSide<Input, Answer>(work: (input: Input) => Promise<Answer>, close?: () => Promise<void>): void {
  process.on('message', (input) => {
    work(input as Input).then((answer) => process.send?.(answer), (error: unknown) => {
      process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
      process.exit(1);
    });
  });
  process.once('disconnect', () => {
    void (close?.() ?? Promise.resolve()).finally(() => process.exit(0));
  });
}

/** Now, by the clock that all processes of a machine share (ms). */
export const sharedNow = (): number => Number(process.hrtime.bigint()) / 1e6;

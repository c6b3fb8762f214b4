import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs one side in a process of its own: `file` is a built module beside this one; its one message is the answer. */
export function runSide<Answer>(file: string, input: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.once('message', (answer) => {
      resolve(answer as Answer);
      child.disconnect();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${file} ended with code ${code ?? 'none'} before it answered`)));
    child.send(input as object);
  });
}

/** The other end: takes the input, answers once. */
export function answerSide<Input, Answer>(work: (input: Input) => Promise<Answer>): void {
  process.once('message', (input) => {
    work(input as Input).then((answer) => process.send?.(answer), (error: unknown) => {
      process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
      process.exit(1);
    });
  });
}

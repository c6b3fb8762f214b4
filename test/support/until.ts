/** Waits for a condition by asking again each turn of the event loop; a hang ends by the test's own limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

/** The same for a condition that costs the system work: it is not asked without pause, so that the asking does not slow what is waited for. */
export async function untilSeen(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 200));
}

/** The code of the Problem that the work was refused with, or `no error`. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : `not a Problem: ${String(error)}`),
  );
}

// Asks the role in this container whether it lives; the exit code is the answer. Dependencies are not asked: a role whose engine is away must not be restarted for it.
const port = process.env.FOLIO_PORT || '4400';
const answer = await fetch(`http://127.0.0.1:${port}/health/live`, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined);
process.exit(answer?.ok ? 0 : 1);

/** What a pure function has no business with: where it is, its name there, and how a failure calls it. */
interface Watched {
  readonly owner: object;
  readonly name: string;
  readonly call: string;
}

const WATCHED: readonly Watched[] = [
  { owner: Date, name: 'now', call: 'Date.now()' },
  { owner: Math, name: 'random', call: 'Math.random()' },
  { owner: performance, name: 'now', call: 'performance.now()' },
  { owner: crypto, name: 'randomUUID', call: 'crypto.randomUUID()' },
  { owner: crypto, name: 'getRandomValues', call: 'crypto.getRandomValues()' },
];

/** Runs synchronous work and tells which of the clock and of chance it asked; they answer it as usual. */
export function withoutClock<Result>(work: () => Result): { readonly result: Result; readonly asked: readonly string[] } {
  const asked = new Set<string>();
  const restore = [...WATCHED.map((watched) => watch(watched, asked)), watchDate(asked)];
  try {
    return { result: work(), asked: [...asked] };
  } finally {
    for (const back of restore.reverse()) back();
  }
}

function watch({ owner, name, call }: Watched, asked: Set<string>): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== 'function') return () => undefined;
  Object.defineProperty(owner, name, {
    configurable: true, writable: true,
    value: (...given: unknown[]): unknown => {
      asked.add(call);
      return Reflect.apply(original, owner, given);
    },
  });
  return () => void (own ? Object.defineProperty(owner, name, own) : Reflect.deleteProperty(owner, name));
}

/** `new Date()` without an argument, and `Date()` as a function, are the clock; `new Date(text)` is not. */
function watchDate(asked: Set<string>): () => void {
  const original = Date;
  globalThis.Date = new Proxy(original, {
    construct(target, given: unknown[], newTarget): object {
      if (given.length === 0) asked.add('new Date()');
      return Reflect.construct(target, given, newTarget) as object;
    },
    apply(target, self, given: unknown[]): unknown {
      asked.add('Date()');
      return Reflect.apply(target, self, given);
    },
  });
  return () => void (globalThis.Date = original);
}

import type { ObjectStore } from '#platform/object-store/port.js';

const unused = (): Promise<never> => Promise.reject(new Error('not part of this benchmark'));

/** Originals, for benchmarks that ask for none. */
export const NO_OBJECTS: ObjectStore = { put: unused, get: unused, has: unused, archive: unused, all: async function* () { yield* []; } };

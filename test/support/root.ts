import { fileURLToPath } from 'node:url';

/** The repository's root, from the built file's place. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

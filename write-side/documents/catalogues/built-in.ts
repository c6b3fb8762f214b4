import { BUILT_IN_DATA } from './data.js';
import type { Catalogues } from './port.js';
import { cataloguesFrom } from './unpack.js';

/** The catalogues that Folio carries itself. */
export const BUILT_IN: Catalogues = cataloguesFrom(BUILT_IN_DATA);

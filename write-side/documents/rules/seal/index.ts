import { rulesOfVersion, type CfdiRule } from '../cfdi/rule.js';
import { CERTIFICATE_RULES } from './certificate.js';
import { SEAL_RULES } from './seal.js';

const RULES: readonly CfdiRule[] = [...SEAL_RULES, ...CERTIFICATE_RULES];

/** Seal and certificate of the issuer. */
export const SEAL_40_RULES = rulesOfVersion(RULES, 'v40');
export const SEAL_33_RULES = rulesOfVersion(RULES, 'v33');

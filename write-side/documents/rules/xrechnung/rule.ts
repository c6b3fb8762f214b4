import type { EnDocument } from '../../models/en16931.js';
import type { RuleText } from '../rule.js';
import type { Check, EnRule } from '../en16931/rule.js';

export const XRECHNUNG_SOURCE = 'KoSIT, XRechnung 3.0.2';
export const CIUS = 'urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0';
export const EXTENSION = `${CIUS}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0`;
export const CVD = `${CIUS}#compliant#urn:xeinkauf.de:kosit:xrechnung:cvd_0.9`;

export const xrechnung = (code: string, term: string, en: string, es: string, check: Check, severity: RuleText['severity'] = 'error'): EnRule =>
  ({ code, severity, term, en, es, source: XRECHNUNG_SOURCE, check });

export const isExtension = ({ specification }: EnDocument): boolean => specification === EXTENSION;
export const isCleanVehicle = ({ specification }: EnDocument): boolean => specification === CVD;

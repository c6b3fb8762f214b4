import type { Finding } from '#contracts/invoice/verdict.js';
import type { EnDocument } from '../../models/en16931.js';
import { CIUS, CVD, EXTENSION } from './rule.js';

type Levels = ReadonlyMap<string, Finding['severity']>;

const levels = (warnings: string, infos = ''): Levels =>
  new Map([...warnings.split(' ').map((code) => [code, 'warning'] as const), ...infos.split(' ').filter(Boolean).map((code) => [code, 'info'] as const)]);

/** What the extension and the rules for clean vehicles replace by rules of their own is told, and refuses nothing. */
const STANDARD = levels('BR-CL-21 BR-CL-23');
const VEHICLES = levels('BR-CL-21 BR-CL-23', 'BR-CL-13');
const EXTENDED = {
  ubl: levels('BR-CL-23 BR-CL-24', 'BR-CL-10 BR-CL-11 BR-CL-21 BR-CL-25 BR-CL-26 BR-CO-16'),
  cii: levels('BR-CL-23', 'BR-CL-10 BR-CL-11 BR-CL-21 BR-CL-25 BR-CL-26'),
};

const BY_SPECIFICATION: ReadonlyMap<string, Readonly<Record<EnDocument['syntax'], Levels>>> = new Map([[CIUS, { ubl: STANDARD, cii: STANDARD }], [CVD, { ubl: VEHICLES, cii: VEHICLES }], [EXTENSION, EXTENDED]]);

/**
 * Severities that rules of the norm have in a document of XRechnung 3.0, where they are not their own.
 * Source: KoSIT, configuration of the validator for XRechnung 3.0, levels by scenario.
 */
export function levelsOf({ syntax, specification }: EnDocument): Levels | undefined {
  return specification === undefined ? undefined : BY_SPECIFICATION.get(specification)?.[syntax];
}

import type { CfdiDocument, StampAttribute } from '../../models/cfdi.js';
import { HOUR, localTime } from '../../seal/moments.js';
import { stampSealOf } from '../../seal/verify.js';
import { both, COMPROBANTE, rulesOfVersion, type CfdiRule } from '../cfdi/rule.js';
import { ABSENT, type Report, type RuleContext } from '../rule.js';

const STAMP = `${COMPROBANTE}/Complemento/TimbreFiscalDigital`;

/** A stamp attribute that must have a form. */
const formed = (name: StampAttribute, form: RegExp, expected: string) => ({ timbre }: CfdiDocument, report: Report): void => {
  if (!timbre) return;
  const value = timbre[name]?.trim() ?? '';
  if (!form.test(value)) report(`${STAMP}/@${name}`, expected, value || ABSENT, name);
};

function checkSealRepeated({ comprobante, timbre }: CfdiDocument, report: Report): void {
  const seal = comprobante.Sello?.trim();
  if (!timbre || !seal) return;
  const repeated = timbre.SelloCFD?.trim() ?? '';
  if (repeated !== seal) report(`${STAMP}/@SelloCFD`, 'the same as Sello', repeated === '' ? ABSENT : 'another seal');
}

/** Two hours of clocks that differ; the stamp tells the time of central Mexico, the document that of its place, which may be behind it. */
const EARLIEST = -2;
const LATEST = 72;

function checkElapsed({ comprobante, timbre }: CfdiDocument, report: Report, { catalogues }: RuleContext): void {
  const [issued, stamped] = [localTime(comprobante.Fecha), localTime(timbre?.FechaTimbrado)];
  if (issued === undefined || stamped === undefined) return;
  const [behind = 0] = catalogues.hoursFromCentre(comprobante.LugarExpedicion ?? '') ?? [];
  const hours = (stamped - issued) / HOUR;
  if (hours < EARLIEST || hours > LATEST - Math.min(0, behind)) report(`${COMPROBANTE}/@Fecha`, `at most ${LATEST} hours before the stamp, and not after it`, `${hours.toFixed(2)} hours before it`);
}

function checkSeal(document: CfdiDocument, report: Report, { trust }: RuleContext): void {
  const { kind } = stampSealOf(document, trust);
  if (kind === 'absent') report(`${STAMP}/@SelloSAT`, 'the seal of the stamping provider', ABSENT);
  else if (kind === 'wrong') report(`${STAMP}/@SelloSAT`, 'the RSA-SHA256 signature of the stamp', 'a seal that does not verify with the certificate of the provider');
}

const SOURCE = 'SAT, Anexo 20, rubro III.B, TimbreFiscalDigitalv11.xsd';

export const STAMP_RULES: readonly CfdiRule[] = [
  {
    codes: both('FOLIO-TFD-VERSION'), term: 'Version', source: SOURCE, check: formed('Version', /^1\.1$/u, '1.1'),
    es: 'La versión del timbre debe ser 1.1.', en: 'The version of the stamp must be 1.1.',
  },
  {
    codes: both('FOLIO-TFD-DATE'), term: 'FechaTimbrado', source: SOURCE, check: formed('FechaTimbrado', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/u, 'AAAA-MM-DDThh:mm:ss'),
    es: 'La fecha del timbre no cumple con el patrón AAAA-MM-DDThh:mm:ss.', en: 'The date of the stamp does not follow the pattern YYYY-MM-DDThh:mm:ss.',
  },
  {
    codes: both('FOLIO-TFD-PROVIDER'), term: 'RfcProvCertif', source: SOURCE, check: formed('RfcProvCertif', /^[A-Z&Ñ]{3}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[A-Z0-9]{2}[0-9A]$/u, 'the 12 characters of a company'),
    es: 'El RFC del proveedor de certificación no tiene la forma del de una persona moral.', en: 'The tax id of the stamping provider does not have the form of a company\'s.',
  },
  {
    codes: both('FOLIO-TFD-CERTIFICATE'), term: 'NoCertificadoSAT', source: SOURCE, check: formed('NoCertificadoSAT', /^\d{20}$/u, '20 digits'),
    es: 'El número del certificado del timbre no tiene 20 dígitos.', en: 'The number of the certificate of the stamp does not have 20 digits.',
  },
  {
    codes: both('FOLIO-TFD-SELLO-CFD'), term: 'SelloCFD', source: SOURCE, check: checkSealRepeated,
    es: 'El timbre no repite el sello del comprobante: es de otro documento, o el sello se cambió después.', en: 'The stamp does not repeat the seal of the document: it belongs to another one, or the seal was changed later.',
  },
  {
    codes: both('FOLIO-TFD-SELLO-SAT'), term: 'SelloSAT', source: SOURCE, check: checkSeal,
    es: 'El sello del timbre falta, o no corresponde a sus datos y al certificado del proveedor.', en: 'The seal of the stamp is missing, or does not belong to its data and the certificate of the provider.',
  },
  {
    codes: both('CFDI401'), term: 'Fecha', source: 'SAT, PAC validation codes of the Anexo 20, 401', check: checkElapsed,
    es: 'Entre la emisión y el timbrado pasaron más de 72 horas, o el timbre es anterior.', en: 'More than 72 hours passed between issue and stamp, or the stamp is the earlier one.',
  },
];

/** The stamp, `TimbreFiscalDigital` 1.1; its UUID is judged with the structure. */
export const STAMP_40_RULES = rulesOfVersion(STAMP_RULES, 'v40');
export const STAMP_33_RULES = rulesOfVersion(STAMP_RULES, 'v33');

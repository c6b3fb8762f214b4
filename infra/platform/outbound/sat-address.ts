/** Where the SAT's ConsultaCFDIService answers, without credentials. */
export const SAT_STATUS_ADDRESS = 'https://consultaqr.facturaelectronica.sat.gob.mx/ConsultaCFDIService.svc';

/** `off` (undefined), `on` (the SAT's own address), or an address of the operator. @throws Error where it is none of them */
export function satStatusAddress(text: string): string | undefined {
  if (text === 'off') return undefined;
  if (text === 'on') return SAT_STATUS_ADDRESS;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/u.test(url.protocol) || url.username !== '' || url.password !== '') throw new Error('it is neither on nor off nor an address http(s)://… without credentials');
  return url.href;
}

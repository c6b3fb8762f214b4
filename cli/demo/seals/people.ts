import { ISSUERS } from '../people.js';
import { signerOf, type Signer } from './signer.js';
import { THROWAWAY_PAIRS } from './throwaway.js';

/** The invented stamping provider. */
export const PROVIDER_RFC = 'PDE150101AB1';

const [, , , provider] = THROWAWAY_PAIRS;
export const PROVIDER: Signer = signerOf(provider);

const issuers: ReadonlyMap<string, Signer> = new Map(ISSUERS.flatMap(({ rfc }, index): [string, Signer][] => {
  const pair = THROWAWAY_PAIRS[index];
  return pair ? [[rfc, signerOf(pair)]] : [];
}));

/** Who seals for an issuer of the demonstration; undefined for anybody else. */
export const signerFor = (rfc: string): Signer | undefined => issuers.get(rfc);

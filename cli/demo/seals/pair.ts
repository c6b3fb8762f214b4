/** A certificate in the form of the SAT's and its key, both DER in base64 (X.509, PKCS #8). Worth nothing outside of demonstration and tests. */
export interface ThrowawayPair {
  /** 20 digits. */
  readonly number: string;
  readonly certificate: string;
  readonly key: string;
}

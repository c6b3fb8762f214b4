import { money } from './cfdi.js';

/** A seller or buyer of the demonstration. */
export interface EnDemoParty {
  readonly name: string;
  readonly vatId: string;
  readonly street: string;
  readonly city: string;
  readonly postalCode: string;
  readonly country: string;
}

export interface EnDemoLine {
  readonly name: string;
  readonly quantity: number;
  /** Net price of one piece, in cents. */
  readonly cents: number;
}

/** What a generated EN 16931 document says; dates as `YYYY-MM-DD`, one VAT rate in whole percent. */
export interface EnContent {
  readonly number: string;
  readonly date: string;
  readonly due: string;
  readonly type: '380' | '381';
  readonly currency: string;
  readonly seller: EnDemoParty;
  readonly buyer: EnDemoParty;
  readonly lines: readonly EnDemoLine[];
  readonly vatPercent: number;
  /** Document level discount, in cents. */
  readonly allowanceCents?: number;
}

/** The totals of the content as written amounts. */
export interface EnAmounts {
  readonly lines: readonly { readonly line: EnDemoLine; readonly net: string; readonly price: string }[];
  readonly lineTotal: string;
  readonly allowance: string | undefined;
  readonly net: string;
  readonly vat: string;
  readonly gross: string;
}

const PERCENT = 100;

export function enAmounts(content: EnContent): EnAmounts {
  const nets = content.lines.map((line) => line.quantity * line.cents);
  const lineTotal = nets.reduce((sum, net) => sum + net, 0);
  const net = lineTotal - (content.allowanceCents ?? 0);
  const vat = Math.round((net * content.vatPercent) / PERCENT);
  return {
    lines: content.lines.map((line, index) => ({ line, net: money(nets[index] ?? 0), price: money(line.cents) })),
    lineTotal: money(lineTotal),
    allowance: content.allowanceCents === undefined ? undefined : money(content.allowanceCents),
    net: money(net),
    vat: money(vat),
    gross: money(net + vat),
  };
}

export const SPECIFICATION = 'urn:cen.eu:en16931:2017';
export const PIECE = 'C62';

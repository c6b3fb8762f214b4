import 'reflect-metadata';
import { IsIn, IsOptional, IsString, IsUUID, Length, Matches, MaxLength } from 'class-validator';
import { FORMATS, type Format } from '#contracts/invoice/facts.js';

const AMOUNT = /^-?\d{1,24}(?:\.\d{1,12})?$/u;
const LOCAL_DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2})?$/u;

/** `POST /api/v1/invoices` as JSON: the document lies elsewhere, these are its claims. */
export class SubmitInvoiceDto {
  @IsOptional() @IsUUID() uuid?: string;
  @IsOptional() @IsIn(FORMATS) format?: Format;
  @IsOptional() @IsString() @Length(1, 128) number?: string;
  @IsOptional() @IsString() @Length(1, 64) series?: string;
  @IsOptional() @IsString() @Length(1, 16) documentType?: string;
  @IsString() @Length(1, 64) issuer!: string;
  @IsString() @Length(1, 64) receiver!: string;
  @Matches(AMOUNT, { message: 'must be a decimal amount as text with at most 24 digits before and 12 after the point' }) amount!: string;
  @Matches(/^[A-Z]{3}$/u, { message: 'must be a currency code of three capital letters' }) currency!: string;
  @Matches(LOCAL_DATE, { message: 'must be a local date YYYY-MM-DD, or date and time YYYY-MM-DDThh:mm:ss' }) issuanceDate!: string;
  @IsString() @MaxLength(2_048) fileUrl!: string;
  @Matches(/^[0-9a-fA-F]{64}$/u, { message: 'must be a SHA-256 in hex' }) checksum!: string;
}

/** `POST /api/v1/invoices/{id}/cancel`. */
export class CancelInvoiceDto {
  @IsString() @Length(1, 200) motive!: string;
  @IsOptional() @IsUUID() replacedBy?: string;
}

export const SUBMIT_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['issuer', 'receiver', 'amount', 'currency', 'issuanceDate', 'fileUrl', 'checksum'],
  properties: {
    uuid: { type: 'string', format: 'uuid', description: 'fiscal UUID; or give format, number and documentType' },
    format: { enum: [...FORMATS] },
    number: { type: 'string', maxLength: 128 },
    series: { type: 'string', maxLength: 64 },
    documentType: { type: 'string', maxLength: 16 },
    issuer: { type: 'string', maxLength: 64, description: 'RFC, VAT or legal id' },
    receiver: { type: 'string', maxLength: 64 },
    amount: { type: 'string', pattern: AMOUNT.source },
    currency: { type: 'string', pattern: '^[A-Z]{3}$' },
    issuanceDate: { type: 'string', pattern: LOCAL_DATE.source },
    fileUrl: { type: 'string', format: 'uri', maxLength: 2_048 },
    checksum: { type: 'string', pattern: '^[0-9a-fA-F]{64}$' },
  },
};

export const CANCEL_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['motive'],
  properties: { motive: { type: 'string', maxLength: 200 }, replacedBy: { type: 'string', format: 'uuid' } },
};

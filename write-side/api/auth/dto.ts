import { Transform } from 'class-transformer';
import { IsEmail, IsIn, IsOptional, IsString, IsUUID, Length, Matches, MaxLength } from 'class-validator';
import { ROLES, TIERS, type Role, type Tier } from '#contracts/roles.js';

/** Bounds what is hashed; how long a password must be is a rule of the domain (`password-weak`). */
const MAX_SECRET_LENGTH = 1_000;
const NO_CONTROL_CHARACTERS = /^\P{Cc}*$/u;
const trimmed = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? value.trim() : value);

export class RegisterUserDto {
  @Transform(trimmed) @IsEmail() @MaxLength(254)
  email!: string;

  @Transform(trimmed) @IsString() @Length(1, 200) @Matches(NO_CONTROL_CHARACTERS)
  name!: string;

  @IsIn(ROLES)
  role!: Role;

  @IsOptional() @IsIn(TIERS)
  tier?: Tier;

  @IsString() @Length(1, MAX_SECRET_LENGTH)
  password!: string;
}

export class ChangeRoleDto {
  @IsIn(ROLES)
  role!: Role;
}

export class ReasonDto {
  @Transform(trimmed) @IsString() @Length(1, 400) @Matches(NO_CONTROL_CHARACTERS)
  reason!: string;
}

export class ChangePasswordDto {
  @IsString() @Length(1, MAX_SECRET_LENGTH)
  currentPassword!: string;

  @IsString() @Length(1, MAX_SECRET_LENGTH)
  newPassword!: string;
}

export class ResetPasswordDto {
  @IsOptional() @IsString() @Length(1, MAX_SECRET_LENGTH)
  newPassword?: string;
}

export class PasswordGrantDto {
  @IsIn(['password'])
  grant_type!: 'password';

  @IsString() @Length(1, 254)
  username!: string;

  @IsString() @Length(1, MAX_SECRET_LENGTH)
  password!: string;
}

export class RefreshGrantDto {
  @IsIn(['refresh_token'])
  grant_type!: 'refresh_token';

  @IsString() @Length(1, 200)
  refresh_token!: string;
}

export class ClientGrantDto {
  @IsIn(['client_credentials'])
  grant_type!: 'client_credentials';

  @IsUUID()
  client_id!: string;

  @IsString() @Length(1, MAX_SECRET_LENGTH)
  client_secret!: string;
}

export class RevokeTokenDto {
  @IsString() @Length(1, 4_096)
  token!: string;
}

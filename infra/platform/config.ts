/** One setting: where it comes from, what it is without being set, and what it means. `secret` ones are never printed. */
export interface Setting<Value> {
  readonly env: string;
  readonly meaning: string;
  readonly fallback: Value;
  readonly secret?: boolean;
  /** @throws Error with a sentence for the operator */
  parse(text: string): Value;
}

export type SettingsTable = Readonly<Record<string, Setting<unknown>>>;
export type Settings<Table extends SettingsTable> = { readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value> ? Value : never };

/** All faults at once, so that an operator repairs the configuration in one go. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** @throws ConfigurationError naming every variable that cannot be read */
export function readSettings<Table extends SettingsTable>(table: Table, environment: NodeJS.ProcessEnv): Settings<Table> {
  const faults: string[] = [];
  const values = Object.entries(table).map(([name, setting]) => {
    const text = environment[setting.env];
    if (text === undefined || text === '') return [name, setting.fallback];
    try {
      return [name, setting.parse(text)];
    } catch (error) {
      faults.push(`${setting.env}: ${(error as Error).message}`);
      return [name, setting.fallback];
    }
  });
  if (faults.length > 0) throw new ConfigurationError(faults.join('\n'));
  return Object.fromEntries(values) as Settings<Table>;
}

/** What is in force, without secrets. */
export function printSettings<Table extends SettingsTable>(table: Table, settings: Settings<Table>): string {
  return Object.entries(table)
    .map(([name, { env, secret, meaning }]) => `${env}=${secret ? '(hidden)' : String(settings[name])}  # ${meaning}`)
    .join('\n');
}

export const integer = (min: number, max: number) => (text: string): number => {
  const value = /^\d{1,12}$/u.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new Error(`'${text.slice(0, 30)}' is not a whole number from ${min} to ${max}`);
  return value;
};

export const oneOf = <Value extends string>(values: readonly Value[]) => (text: string): Value => {
  const found = values.find((value) => value === text);
  if (found === undefined) throw new Error(`'${text.slice(0, 30)}' is not one of ${values.join(', ')}`);
  return found;
};

export const yesOrNo = (text: string): boolean => oneOf(['true', 'false'])(text) === 'true';

export const list = (text: string): readonly string[] => text.split(',').map((item) => item.trim()).filter((item) => item !== '');
export const asIs = (text: string): string => text;

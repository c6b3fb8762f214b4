declare const brand: unique symbol;

/** A primitive that carries its meaning in the type and nothing at run time. */
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };

import { platformProblem } from '#contracts/kernel/errors.js';

/** The projection of that name among those that this process knows. @throws Problem projection-unknown */
export function knownProjection<Known extends { readonly name: string }>(known: readonly Known[], name: string): Known {
  const projection = known.find((one) => one.name === name);
  if (!projection) throw platformProblem('projection-unknown', { name: name.slice(0, 60), known: known.map((one) => one.name) });
  return projection;
}

import 'reflect-metadata';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { FieldProblem, type FieldError } from './problem-document.js';

const MAX_REPORTED_FIELDS = 50;
const WHOLE_BODY = 'body';

/**
 * A parsed JSON body as its DTO class: every field declared, no field beside them, every rule of the class kept.
 * @throws FieldProblem field-invalid with all faulty fields; values are never repeated in it
 */
export async function validateDto<Dto extends object>(type: ClassConstructor<Dto>, body: unknown): Promise<Dto> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new FieldProblem([{ field: WHOLE_BODY, reason: 'must be a JSON object' }]);
  }
  const dto = plainToInstance(type, body);
  const faults = await validate(dto, {
    whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true, validationError: { target: false, value: false },
  });
  if (faults.length > 0) throw new FieldProblem(faults.flatMap((fault) => fieldErrors(fault)).slice(0, MAX_REPORTED_FIELDS));
  return dto;
}

function fieldErrors(fault: ValidationError, parent = ''): readonly FieldError[] {
  const field = (parent ? `${parent}.${fault.property}` : fault.property).slice(0, 200);
  const own = Object.values(fault.constraints ?? {}).map((reason) => ({ field, reason: reason.slice(0, 300) }));
  return [...own.slice(0, 1), ...(fault.children ?? []).flatMap((child) => fieldErrors(child, field))];
}

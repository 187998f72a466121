/** A form becomes a value of a room's own schema, or errors beside its fields; a refused act becomes the same, in this one place. */
import { data } from "@remix-run/node";
import type { z } from "zod";
import { Refused } from "./breach/ports.ts";

/** A key under `refused` in the text catalogue, with its values. */
export type FormError = { key: string; values: Record<string, string | number> };
export type FormErrors = { fields: Record<string, FormError>; form: FormError | null };
export type ActionResult = { errors: FormErrors };

class FormRejected extends Error {
  readonly errors: FormErrors;
  constructor(errors: FormErrors) {
    super("form rejected");
    this.name = "FormRejected";
    this.errors = errors;
  }
}

/** Our own schemas' messages are keys; everything zod says by itself is "invalid". */
const key = /^[a-z][A-Za-z]+$/;

function readFields(form: FormData): Record<string, FormDataEntryValue | FormDataEntryValue[]> {
  const fields: Record<string, FormDataEntryValue | FormDataEntryValue[]> = {};
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name);
    if (name.endsWith("[]")) fields[name.slice(0, -2)] = values;
    else if (values[0] !== undefined) fields[name] = values[0];
  }
  return fields;
}

/**
 * Parses the form of a request. A field named `x[]` becomes the array `x`. Throws `FormRejected` with one error per field, which
 * `answerForm` turns into the action's answer.
 */
export async function parseForm<T>(form: FormData, schema: z.ZodType<T>): Promise<T> {
  const result = schema.safeParse(readFields(form));
  if (result.success) return result.data;
  const fields: Record<string, FormError> = {};
  for (const issue of result.error.issues) {
    const name = issue.path.length === 0 ? "" : String(issue.path[0]);
    const limit = "maximum" in issue && typeof issue.maximum === "number" ? issue.maximum : 0;
    const word = key.test(issue.message) ? issue.message : issue.code === "too_big" ? "tooLong" : "invalid";
    fields[name] ??= { key: `field.${word}`, values: limit > 0 ? { max: limit } : {} };
  }
  const { "": whole, ...named } = fields;
  throw new FormRejected({ fields: named, form: whole ?? null });
}

/** Runs an action's work and answers its refusals with status 422 and the errors; anything else that is thrown passes through. */
export async function answerForm<T>(
  work: () => Promise<T>,
): Promise<T | ReturnType<typeof data<ActionResult>>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FormRejected) return data({ errors: error.errors }, { status: 422 });
    if (error instanceof Refused) {
      if (error.code.endsWith(".notFound") || error.code.endsWith("NotFound"))
        throw new Response(null, { status: 404 });
      const refusal = { key: error.code, values: error.values };
      const errors: FormErrors =
        error.field === undefined
          ? { fields: {}, form: refusal }
          : { fields: { [error.field]: refusal }, form: null };
      return data({ errors }, { status: 422 });
    }
    throw error;
  }
}

/** Runs a loader's work; what is not this shop's is 404. */
export async function answerPage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused) throw new Response(null, { status: 404 });
    throw error;
  }
}

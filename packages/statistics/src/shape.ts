// What documents in plain JSON are made of: each part is one zod value, which gives its type, its JSON Schema and its
// validator.
import * as z from 'zod'

/** The type of a shape, as its makers hand it out: none of it is written to again. */
export type Plain<T> = T extends object ? { readonly [Key in keyof T]: Plain<T[Key]> } : T

export const count = z.int().min(0)
export const share = z.number().min(0).max(1)
export const nonNegative = z.number().min(0)
export const decimal = z
  .string()
  .regex(/^[0-9]+$/)
  .describe('A 64-bit or longer integer, in decimal.')

/**
 * A number from 0 on; costs of what was never reached are infinite, for which JSON has only text. Read again it is a
 * number.
 */
export const extended = z.union([nonNegative, z.literal('Infinity')]).transform(Number)

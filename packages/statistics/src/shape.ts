// Building blocks of documents in plain JSON. Each is one zod value, which yields its type, its JSON Schema and its
// validator.
import * as z from 'zod'

/** The type of a shape, read-only at every level. */
export type Plain<T> = T extends object ? { readonly [Key in keyof T]: Plain<T[Key]> } : T

export const count = z.int().min(0)
export const share = z.number().min(0).max(1)
export const nonNegative = z.number().min(0)
export const decimal = z
  .string()
  .regex(/^[0-9]+$/)
  .describe('A 64-bit or longer integer, in decimal.')

/**
 * A number from 0 on, or infinity, which costs can be and JSON must write as text. When read it becomes a number again.
 */
export const extended = z.union([nonNegative, z.literal('Infinity')]).transform(Number)

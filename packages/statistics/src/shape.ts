// Building blocks of JSON documents. Each zod value yields a type, a JSON Schema and a validator.
import * as z from 'zod'

/** The type of a shape, read-only at every level. */
export type Plain<T> = T extends object ? { readonly [Key in keyof T]: Plain<T[Key]> } : T

export const count = z.int().min(0)
export const share = z.number().min(0).max(1)
export const nonNegative = z.number().min(0)
export const decimal = z
  .string()
  .regex(/^[0-9]+$/)
  .describe('An integer as a decimal string, because it may exceed 2^53.')

/** A number that is 0 or greater. JSON has no infinity, so infinity is written as a string. */
export const extended = z.union([nonNegative, z.literal('Infinity')]).transform(Number)

/** Any number. Infinities are written as strings. */
export const real = z.union([z.number(), z.literal(['Infinity', '-Infinity'])]).transform(Number)

import { count, decimal } from '@driftfarm/statistics'
import * as z from 'zod'

/** An integer in a document: a number if a double holds it exactly, else a decimal string. */
export const integerShape = z.union([count, decimal])
export type Integer = z.infer<typeof integerShape>

export function integer(value: number | bigint): Integer {
  const near = Number(value)
  return Number.isSafeInteger(near) ? near : String(value)
}

/**
 * A double in a document: NaN and infinities, which JSON lacks, are written as strings. The shape is not an enum,
 * because declaration files cannot express an enum with the key `-Infinity`.
 */
export const realShape = z.union([z.number(), z.literal(['NaN', 'Infinity', '-Infinity'])])
export type Real = z.infer<typeof realShape>

export function real(value: number): Real {
  return Number.isFinite(value) ? value : (String(value) as Real)
}

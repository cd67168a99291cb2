import * as z from 'zod'
import type { Path } from '../document/value.ts'
import { Mistake } from '../errors.ts'

export const seedExpected = 'an integer, or a string in decimal or 0x hex, from 0 to 18446744073709551615'

export const seedSchema = z.union([z.number(), z.string()], { error: seedExpected })

/** Longer strings are refused without parsing. 2^64 - 1 has 20 digits. */
const longest = 40
const largest = 2n ** 64n - 1n

/** Accepts an integer from 0 to 2^64 - 1, or a string with such an integer in decimal or, after 0x, in hexadecimal. */
export function resolveSeed(value: unknown, path: Path): string {
  if (value === undefined) return '0'
  const seed = integer(value)
  if (seed === null || seed < 0n || seed > largest) throw new Mistake('SEED', path, { value })
  return seed.toString()
}

function integer(value: unknown): bigint | null {
  // A double beyond the safe integers may have lost digits, so it is refused. Large integers in the document arrive
  // here as strings.
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null
  if (typeof value !== 'string' || value.length > longest) return null
  return /^([0-9]+|0[xX][0-9a-fA-F]+)$/.test(value) ? BigInt(value) : null
}

import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'

/** 2^64 - 1 has 20 digits; longer texts are not worth a BigInt. */
const longest = 40
const largest = 2n ** 64n - 1n

/** Decimal text of a seed: an integer, or a text in decimal or 0x hex, 0 .. 2^64 - 1. */
export function resolveSeed(value: unknown, path: Path): string {
  if (value === undefined) return '0'
  const seed = integer(value)
  if (seed === null || seed < 0n || seed > largest) throw new Mistake('SEED', path, { value })
  return seed.toString()
}

function integer(value: unknown): bigint | null {
  // A larger double has lost digits; integers of the text itself come as text.
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null
  if (typeof value !== 'string' || value.length > longest) return null
  return /^([0-9]+|0[xX][0-9a-fA-F]+)$/.test(value) ? BigInt(value) : null
}

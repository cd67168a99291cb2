import { canonicalJson } from './identity.ts'
import type { Contrast } from './sweep.ts'

interface ContrastCell {
  readonly index: number
  /** Values of the swept paths. */
  readonly params: Readonly<Record<string, unknown>>
}

/**
 * Yields the index pairs of the cells that a contrast compares. The cell with the first value of `between` comes first.
 * Each pair is yielded as soon as both cells have been read.
 */
export function* contrastPairs(
  { path, between, along }: Contrast,
  cells: Iterable<ContrastCell>,
): Generator<readonly [first: number, second: number]> {
  const values = between.map(canonicalJson)
  const waiting = [new Map<string, number>(), new Map<string, number>()] as const
  for (const { index, params } of cells) {
    const side = values.indexOf(canonicalJson(params[path]))
    if (side < 0) continue
    const rest = canonicalJson(restOf(params, path, along))
    const other = waiting[side === 0 ? 1 : 0].get(rest)
    // If an axis repeats a value, the same cell occurs twice, and only the first occurrence is paired.
    const seen = waiting[side === 0 ? 0 : 1].has(rest)
    if (!seen) waiting[side === 0 ? 0 : 1].set(rest, index)
    if (other !== undefined && !seen) yield side === 0 ? [index, other] : [other, index]
  }
}

function restOf(params: ContrastCell['params'], path: string, along: readonly string[]): Record<string, unknown> {
  const rest: Record<string, unknown> = {}
  for (const key of Object.keys(params)) if (key !== path && !along.includes(key)) rest[key] = params[key]
  return rest
}

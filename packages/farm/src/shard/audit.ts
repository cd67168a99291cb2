import type { TrialRange } from '@driftfarm/database'
import { addDigests, type Digest, parseDigest, subtractDigests } from '@driftfarm/kernel'

export interface DigestedRange extends TrialRange {
  readonly digest: Digest
}

/**
 * Compares imported trials of a cell with the stored trials, even if their ranges have different boundaries.
 * A boundary is common if imported and stored ranges begin or end there. Digests are additive, so their sums between
 * two common boundaries must be equal. Trials that are not between two common boundaries are not compared. Returns the
 * ranges between common boundaries that have equal digests, and the first range with different digests.
 */
export function audit(imported: readonly DigestedRange[], stored: readonly DigestedRange[]) {
  const compared: TrialRange[] = []
  const there = sumsOf(stored)
  for (const run of sumsOf(imported)) {
    let whole: { first: number; count: number } | null = null
    let last: { at: number; sums: Map<number, Digest>; imported: Digest } | null = null
    for (const [at, sum] of run) {
      const sums: Map<number, Digest> | undefined = there.find((each) => each.has(at))
      if (sums === undefined) continue
      if (last !== null && last.sums === sums) {
        const digest = subtractDigests(sum, last.imported)
        const was = subtractDigests(sums.get(at)!, sums.get(last.at)!)
        const range = { first: last.at, count: at - last.at }
        if (digest !== was) return { compared, differs: { ...range, digest, stored: was } }
        if (whole !== null && whole.first + whole.count === last.at) whole.count += range.count
        else {
          whole = range
          compared.push(whole)
        }
      }
      last = { at, sums, imported: sum }
    }
  }
  return { compared, differs: null }
}

/**
 * Returns one map for each sequence of ranges without gaps. The map gives, for each boundary of a range, the sum of the
 * digests from the start of the sequence to this boundary.
 */
function sumsOf(ranges: readonly DigestedRange[]): Map<number, Digest>[] {
  const runs: Map<number, Digest>[] = []
  let until = Number.NaN
  let sum = 0n
  for (const { first, count, digest } of ranges.toSorted((a, b) => a.first - b.first)) {
    if (first < until) continue // the same range twice, or overlapping ranges
    if (first !== until) {
      sum = 0n
      runs.push(new Map([[first, sum]]))
    }
    until = first + count
    sum = addDigests(sum, digest)
    runs.at(-1)!.set(until, sum)
  }
  return runs
}

export const digestedRange = ({ digest, ...range }: TrialRange & { readonly digest: string }): DigestedRange => ({
  ...range,
  digest: parseDigest(digest) ?? 0n,
})

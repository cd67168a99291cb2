import {
  ComparedInSweep,
  type Database,
  type Reading,
  snapshotOf,
  sweepHead,
  talliesOfMany,
  type WholePrefix,
  wholePages,
} from '@driftfarm/database'
import { addDigests, addTallies, formatDigest, parseDigest, zeroTally } from '@driftfarm/kernel'
import { talliedHorizons } from '@driftfarm/spec'
import { estimatesOf, tallyToJson } from '@driftfarm/statistics'
import { recheckContrasts } from './contrast/recheck.ts'

/**
 * Invariant I5: makes tally, digest and estimates of every ended cell again from its batches, and the contrasts of
 * ended cells. Returns a sentence for each difference. Cells and their batches are of one snapshot, since a cell that
 * is extended in between would have more of them. `onCells` is told how many cells have been looked at.
 */
export function recheckEstimates(
  database: Database,
  sweepId: string,
  onCells: (done: number) => void = () => undefined,
): Promise<string[]> {
  return snapshotOf(database, async (reading) => {
    const head = await sweepHead(reading, sweepId)
    const compared = new ComparedInSweep(head)
    const violations: string[] = []
    let done = 0
    for await (const page of wholePages(reading, head)) {
      for (const cell of page) compared.see(cell)
      violations.push(...(await recheckPage(reading, page)))
      done += page.length
      onCells(done)
    }
    return [...violations, ...(await recheckContrasts(database, reading, head, compared.pairs()))]
  })
}

async function recheckPage(reading: Reading, page: readonly WholePrefix[]): Promise<string[]> {
  const ended = page.filter(({ state }) => state === 'done')
  const made = new Map(ended.map((cell) => [cell, nothingOf(cell)]))
  for await (const [cell, batch] of talliesOfMany(reading, ended)) {
    const { horizons, tally, digest } = made.get(cell)!
    const wanted = batch.tally.horizons.filter(({ horizon }) => horizons.includes(horizon))
    made.set(cell, {
      horizons,
      tally: addTallies(tally, { ...batch.tally, horizons: wanted }),
      digest: addDigests(digest, parseDigest(batch.digest) ?? 0n),
    })
  }
  const violations: string[] = []
  for (const [prefix, { tally, digest }] of made) {
    const { index, layout, demand, how } = prefix
    const estimates = estimatesOf(tally, layout, demand, how)
    if (prefix.digest !== formatDigest(digest)) violations.push(`cell ${index}: the digest of its batches differs`)
    if (!holds(tallyToJson(tally), prefix.tally)) violations.push(`cell ${index}: the tally of its batches differs`)
    if (!holds(estimates, prefix.estimates)) violations.push(`cell ${index}: its estimates differ when made again`)
  }
  return violations
}

/** What a cell comes to before its first batch is added. */
function nothingOf({ layout, demand }: WholePrefix) {
  const horizons = talliedHorizons(demand)
  return { horizons, tally: zeroTally(layout, horizons), digest: 0n }
}

/**
 * Relative tolerance for numbers that are not integers, since a later version may compute limits more accurately.
 * Counts must be equal.
 */
const rounding = 1e-9

/**
 * Whether everything stored is found in what was made again. The order of keys does not matter, NaN and infinities may
 * be text, and a later version may have made more.
 */
function holds(made: unknown, stored: unknown): boolean {
  if (typeof stored === 'number' && typeof made === 'number') {
    if (Number.isInteger(stored) || !Number.isFinite(stored)) return Object.is(stored, made) || stored === made
    return Math.abs(stored - made) <= rounding * Math.abs(made)
  }
  if (Array.isArray(stored) && Array.isArray(made))
    return stored.length === made.length && stored.every((each, at) => holds(made[at], each))
  if (isObject(stored) && isObject(made)) return Object.keys(stored).every((key) => holds(made[key], stored[key]))
  return stored === made || (typeof made === 'number' && !Number.isFinite(made) && stored === String(made))
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

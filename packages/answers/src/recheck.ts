import { type Database, prefixesOf, sweepHead, talliesOf } from '@driftfarm/database'
import { addDigests, addTallies, formatDigest, parseDigest, zeroTally } from '@driftfarm/kernel'
import { talliedHorizons } from '@driftfarm/spec'
import { estimatesOf, tallyToJson } from '@driftfarm/statistics'
import { recheckContrasts } from './contrast/recheck.ts'

/**
 * Invariant I5: makes tally, digest and estimates of every ended cell again from its batches, and the contrasts of
 * ended cells. Returns a sentence for each difference.
 */
export async function recheckEstimates(database: Database, sweepId: string): Promise<string[]> {
  const head = await sweepHead(database, sweepId)
  const violations: string[] = []
  for (const prefix of await prefixesOf(database, head)) {
    const { index, layout, demand, how } = prefix
    if (prefix.state !== 'done') continue
    const horizons = talliedHorizons(demand)
    let tally = zeroTally(layout, horizons)
    let digest = 0n
    for await (const batch of talliesOf(database, prefix)) {
      const wanted = batch.tally.horizons.filter(({ horizon }) => horizons.includes(horizon))
      tally = addTallies(tally, { ...batch.tally, horizons: wanted })
      digest = addDigests(digest, parseDigest(batch.digest) ?? 0n)
    }
    const estimates = estimatesOf(tally, layout, demand, how)
    if (prefix.digest !== formatDigest(digest)) violations.push(`cell ${index}: the digest of its batches differs`)
    if (!holds(tallyToJson(tally), prefix.tally)) violations.push(`cell ${index}: the tally of its batches differs`)
    if (!holds(estimates, prefix.estimates)) violations.push(`cell ${index}: its estimates differ when made again`)
  }
  return [...violations, ...(await recheckContrasts(database, head))]
}

/**
 * Whether everything stored is found in what was made again. The order of keys does not matter, NaN and infinities are
 * text, and a later version may have made more.
 */
const holds = (made: unknown, stored: unknown): boolean => within(plain(stored), plain(made))

/**
 * Relative tolerance for numbers that are not integers, since a later version may compute limits more accurately.
 * Counts must be equal.
 */
const rounding = 1e-9

function within(stored: unknown, made: unknown): boolean {
  if (Array.isArray(stored) && Array.isArray(made))
    return stored.length === made.length && stored.every((each, at) => within(each, made[at]))
  if (typeof stored === 'number' && typeof made === 'number' && !Number.isInteger(stored))
    return Math.abs(stored - made) <= rounding * Math.abs(made)
  if (!isObject(stored) || !isObject(made)) return stored === made
  return Object.keys(stored).every((key) => key in made && within(stored[key], made[key]))
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, each) => (typeof each === 'number' && !Number.isFinite(each) ? String(each) : each)),
  )

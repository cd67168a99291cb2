import {
  ComparedInSweep,
  type Database,
  type ReadSource,
  snapshotOf,
  sweepHead,
  type TalliedBatch,
  talliesOfMany,
  tallyOf,
  type WholePrefix,
  wholePages,
} from '@driftfarm/database'
import { addDigests, addTallies, type Digest, formatDigest, parseDigest, zeroTally } from '@driftfarm/kernel'
import { talliedHorizons } from '@driftfarm/spec'
import { estimatesOf, requestedPart, tallyToJson } from '@driftfarm/statistics'
import { recheckContrasts } from './contrasts.ts'

/**
 * Checks invariant I5: recomputes the tally, digest and estimates of every finished cell from its batches, and the
 * contrasts of finished cells. Returns a sentence for each difference. Cells and batches are read from one snapshot.
 * Without the snapshot, a cell could be extended after its tally was read, and the tally would lack the new batches.
 */
export function recheckEstimates(
  database: Database,
  sweepId: string,
  onCells: (done: number) => void = () => undefined,
): Promise<string[]> {
  return snapshotOf(
    database,
    async (reading) => {
      const head = await sweepHead(reading, sweepId)
      const compared = new ComparedInSweep(head)
      const violations: string[] = []
      let done = 0
      for await (const page of wholePages(reading, head, null, { batches: true })) {
        for (const cell of page) compared.observe(cell)
        violations.push(...(await recheckPage(reading, page)))
        done += page.length
        onCells(done)
      }
      return [...violations, ...(await recheckContrasts(database, reading, head, compared.pairs()))]
    },
    { keepsPlans: true },
  )
}

async function recheckPage(reading: ReadSource, page: readonly WholePrefix[]): Promise<string[]> {
  const ended = page.filter(({ state }) => state === 'done')
  const sums = new Map(ended.filter(({ matchesBatch }) => matchesBatch).map((cell) => [cell, ownOf(cell)]))
  const others = ended.filter(({ matchesBatch }) => !matchesBatch)
  for await (const [cell, batch] of talliesOfMany(reading, others))
    sums.set(cell, addBatch(sums.get(cell) ?? emptySum(cell), cell, batch))
  const violations: string[] = []
  for (const prefix of ended) {
    const { tally, digest } = sums.get(prefix) ?? emptySum(prefix)
    const { index, layout, demand, choice, matchesBatch } = prefix
    const estimates = estimatesOf(tally, layout, demand, choice)
    if (!matchesBatch && prefix.digest !== formatDigest(digest))
      violations.push(`cell ${index}: the stored digest differs from the digest of its batches`)
    if (!matchesBatch && !containsStored(tallyToJson(tally), prefix.tally))
      violations.push(`cell ${index}: the stored tally differs from the tally of its batches`)
    if (!containsStored(estimates, prefix.estimates))
      violations.push(`cell ${index}: the stored estimates differ from the recomputed estimates`)
  }
  return violations
}

/** A cell with only one batch has the tally and digest of the batch, so the batch is not read. */
const ownOf = (cell: WholePrefix): Sum => ({ tally: tallyOf(cell), digest: digestOf(cell) })

const digestOf = ({ digest }: { readonly digest: string | null }): Digest =>
  (digest === null ? null : parseDigest(digest)) ?? 0n

type Sum = ReturnType<typeof emptySum>

const emptySum = ({ layout, demand }: WholePrefix) => ({
  tally: zeroTally(layout, talliedHorizons(demand)),
  digest: 0n,
})

const addBatch = (sum: Sum, { demand }: WholePrefix, batch: TalliedBatch): Sum => ({
  tally: addTallies(sum.tally, requestedPart(batch.tally, demand)),
  digest: addDigests(sum.digest, digestOf(batch)),
})

/**
 * Relative tolerance for numbers that are not integers, because a later version may compute the limits of intervals
 * more accurately. Counts must be equal.
 */
const rounding = 1e-9

/**
 * Whether the recomputed value contains everything that is stored. The order of keys does not matter, NaN and
 * infinities may be stored as text, and the recomputed value may have keys that an earlier version did not store.
 */
function containsStored(made: unknown, stored: unknown): boolean {
  if (typeof stored === 'number' && typeof made === 'number') {
    if (Number.isInteger(stored) || !Number.isFinite(stored)) return Object.is(stored, made) || stored === made
    return Math.abs(stored - made) <= rounding * Math.abs(made)
  }
  if (Array.isArray(stored) && Array.isArray(made))
    return stored.length === made.length && stored.every((each, at) => containsStored(made[at], each))
  if (isObject(stored) && isObject(made))
    return Object.keys(stored).every((key) => containsStored(made[key], stored[key]))
  return stored === made || (typeof made === 'number' && !Number.isFinite(made) && stored === String(made))
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

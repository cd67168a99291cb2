import { type Database, prefixesOf, sweepHead, talliesOf } from '@driftfarm/database'
import { addDigests, addTallies, formatDigest, parseDigest, zeroTally } from '@driftfarm/kernel'
import type { Stopped } from '@driftfarm/report'
import { canonicalJson, demandOf } from '@driftfarm/spec'
import { estimatesOf, tallyToJson } from '@driftfarm/statistics'
import { recheckContrasts } from './contrast/recheck.ts'
import { howOf } from './how.ts'

/** I5: tally, digest and estimates of every ended cell, made again from its batches, and contrasts of ended cells. Returns what differs, in words. */
export async function recheckEstimates(database: Database, sweepId: string): Promise<string[]> {
  const head = await sweepHead(database, sweepId)
  const violations: string[] = []
  for (const prefix of await prefixesOf(database, sweepId, { whole: true })) {
    if (prefix.state !== 'done' || prefix.trial === null) continue
    const { index, layout } = prefix
    const demand = demandOf(head.demand, prefix.method)
    const { horizons } = demand
    let tally = zeroTally(layout, horizons)
    let digest = 0n
    for await (const batch of talliesOf(database, prefix)) {
      const wanted = batch.tally.horizons.filter(({ horizon }) => horizons.includes(horizon))
      tally = addTallies(tally, { ...batch.tally, horizons: wanted })
      digest = addDigests(digest, parseDigest(batch.digest) ?? 0n)
    }
    const how = howOf({ ...head, demand, trial: prefix.trial, cell: prefix.id }, prefix.stopped as Stopped | null)
    const estimates = estimatesOf(tally, layout, demand, how)
    if (prefix.digest !== formatDigest(digest)) violations.push(`cell ${index}: the digest of its batches differs`)
    if (!same(prefix.tally, tallyToJson(tally))) violations.push(`cell ${index}: the tally of its batches differs`)
    if (!same(prefix.estimates, estimates)) violations.push(`cell ${index}: its estimates differ when made again`)
  }
  return [...violations, ...(await recheckContrasts(database, sweepId))]
}

/** As stored: key order is free, NaN and infinities are text. */
const same = (stored: unknown, made: unknown): boolean => canonicalJson(plain(stored)) === canonicalJson(plain(made))

const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, each) => (typeof each === 'number' && !Number.isFinite(each) ? String(each) : each)),
  )

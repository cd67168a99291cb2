import { createHash } from 'node:crypto'
import type { RecordLayout } from '@driftfarm/kernel'
import { estimatesOf } from './estimates.ts'
import frozen from './fixtures/frozen.json'
import type { SampleSizeChoice } from './guard.ts'
import { type TallyJson, tallyFromJson } from './tallyJson.ts'

/** A case of the fixture: the places of a tally, a demand and a way to end, and the digest of the estimates. */
export type FrozenCase = readonly (string | number)[]

export const cases: readonly FrozenCase[] = frozen.cases

/** The digest of JSON of all estimates of a case. */
export function digestOf([tally, demand, choice]: FrozenCase): string {
  const { layout, trial, tally: counts } = frozen.tallies[Number(tally)]!
  const shape = frozen.layouts[layout] as RecordLayout
  const ways = { ...frozen.hows[Number(choice)], trial } as unknown as SampleSizeChoice
  const requested = frozen.demands[Number(demand)] as Parameters<typeof estimatesOf>[2]
  const estimates = estimatesOf(tallyFromJson(counts as unknown as TallyJson, shape), shape, requested, ways)
  return createHash('sha256').update(JSON.stringify(estimates)).digest('hex').slice(0, 16)
}

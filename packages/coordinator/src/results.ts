import { type Database, type Prefix, prefixesOf, type SweepHead, sweepHead } from '@driftfarm/database'
import { formatDigest, zeroTally } from '@driftfarm/kernel'
import {
  cellResult,
  type ResultsData,
  resultsData,
  type Stopped,
  type SweepState,
  warningLines,
} from '@driftfarm/report'
import { type Estimate, estimatesOf, tallyFromJson, warningsOf } from '@driftfarm/statistics'
import { howOf } from './how.ts'
import { orderEstimates, orderKeys, orderStopped } from './order.ts'

export interface SweepResults {
  readonly data: ResultsData
  readonly warnings: string[]
}

/** The Results document of a sweep: exactly the demanded prefixes, as far as they are done. */
export async function resultsOf(database: Database, sweepId: string): Promise<SweepResults> {
  const head = await sweepHead(database, sweepId)
  const prefixes = await prefixesOf(database, sweepId)
  const warned: [number, ReturnType<typeof warningsOf>][] = []
  const cells = prefixes.map((prefix) => {
    const { index, id, layout, digest, cpuSeconds } = prefix
    const params = orderKeys(prefix.params, head.axes)
    const tally = prefix.tally === null ? zeroTally(layout, []) : tallyFromJson(prefix.tally, layout)
    const estimates = orderEstimates(estimatesNow(head, prefix), layout, head.demand.horizons)
    warned.push([index, warningsOf(estimates, tally)])
    const stopped = prefix.state === 'done' ? orderStopped(prefix.stopped as Stopped) : null
    const parts = {
      index,
      id,
      params,
      layout,
      tally,
      digest: digest ?? formatDigest(0n),
      estimates,
      stopped,
      cpuSeconds,
    }
    return cellResult(parts)
  })
  const { id, name, state, seed } = head
  const data = resultsData({ id, name, seed, state: state as SweepState }, cells)
  return { data, warnings: [...farmWarnings(head, prefixes), ...warningLines(warned)] }
}

/** Those of an ended cell are stored; those of one that runs are made from its newest tally. */
function estimatesNow(
  head: SweepHead,
  { state, tally, layout, trial, samples, estimates }: Prefix,
): Record<string, Estimate> {
  if (state === 'open' && tally !== null && trial !== null && samples !== null)
    return estimatesOf(tallyFromJson(tally, layout), layout, head.demand, howOf({ ...head, trial, samples }, null))
  return { ...estimates }
}

function farmWarnings({ state, reason, demand }: SweepHead, prefixes: readonly Prefix[]): string[] {
  const unmet = prefixes.filter((prefix) => prefix.state === 'done' && prefix.stopped?.rule === 'max')
  const warnings: string[] = []
  if (state === 'incomplete') warnings.push(`incomplete: ${reason ?? 'not all trials are done'}`)
  if (unmet.length > 0)
    warnings.push(
      `${unmet.length === 1 ? `cell ${unmet[0]!.index}` : `${unmet.length} cells`} ended at the maximum of ${demand.until?.max} trials with no stop rule met`,
    )
  return warnings
}

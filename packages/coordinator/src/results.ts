import { type Database, type Prefix, prefixesOf, type SweepHead, sweepHead } from '@driftfarm/database'
import { formatDigest, zeroTally } from '@driftfarm/kernel'
import { cellResult, type ResultsData, resultsData, type SweepState } from '@driftfarm/report'
import { demandOf } from '@driftfarm/spec'
import { checksOf, type Estimate, estimatesOf, howOf, type Stopped, tallyFromJson } from '@driftfarm/statistics'
import { comparing } from './comparing.ts'
import { contrastsOf } from './contrast/results.ts'
import { orderEstimates, orderKeys, orderStopped } from './order.ts'

export interface SweepResults {
  readonly data: ResultsData
  readonly warnings: string[]
}

/** The Results document of a sweep: exactly the demanded prefixes, as far as they are done. */
export async function resultsOf(database: Database, sweepId: string): Promise<SweepResults> {
  const head = await sweepHead(database, sweepId)
  const prefixes = await prefixesOf(database, sweepId)
  const cells = prefixes.map((prefix) => {
    const { index, id, layout, digest, cpuSeconds, premises, ownEscape } = prefix
    const params = orderKeys(prefix.params, head.axes)
    const tally = prefix.tally === null ? zeroTally(layout, []) : tallyFromJson(prefix.tally, layout)
    const estimates = orderEstimates(estimatesNow(head, prefix), layout, head.demand.horizons)
    const stopped = prefix.state === 'done' ? orderStopped(prefix.stopped as Stopped) : null
    const ended = stopped?.rule ?? null
    const checks = checksOf({
      tally,
      estimates,
      ended,
      horizon: layout.horizon,
      premises,
      escape: ownEscape,
    })
    const parts = {
      index,
      id,
      params,
      layout,
      tally,
      digest: digest ?? formatDigest(0n),
      estimates,
      checks,
      stopped,
      cpuSeconds,
    }
    return cellResult(parts)
  })
  const { id, name, state, seed } = head
  const contrasts = await contrastsOf(database, head, prefixes)
  const data = resultsData({ id, name, seed, state: state as SweepState }, comparing(cells), contrasts)
  return { data, warnings: farmWarnings(head) }
}

/** Those of an ended cell are stored; those of one that runs are made from its newest tally. */
export function estimatesNow(
  head: SweepHead,
  { id, state, tally, layout, method, extended, trial, samples, original, estimates }: Prefix,
): Record<string, Estimate> {
  if (state === 'open' && tally !== null && trial !== null && samples !== null && original !== null) {
    const demand = demandOf(head.demand, method)
    return estimatesOf(
      tallyFromJson(tally, layout),
      layout,
      demand,
      howOf({ ...head, extended, demand, trial, cell: id, samples, original }, null),
    )
  }
  return { ...estimates }
}

/** Of the run as a whole; what cells have to say their checks say. */
function farmWarnings({ state, reason }: SweepHead): string[] {
  return state === 'incomplete' ? [`incomplete: ${reason ?? 'not all trials are done'}`] : []
}

import { type Database, lightPrefixesOf, type Prefix, type SweepHead, sweepHead, tallyOf } from '@driftfarm/database'
import { formatDigest } from '@driftfarm/kernel'
import { cellResult, type ResultsData, resultsData, type Told } from '@driftfarm/report'
import { checksOf, type Estimate, estimatesOf } from '@driftfarm/statistics'
import { comparing } from './comparing.ts'
import { contrastsOf } from './contrast/results.ts'
import { orderEstimates, orderKeys, orderStopped } from './order.ts'

/** The Results document of a sweep, over exactly the demanded prefixes as far as they are done. */
export async function resultsOf(database: Database, sweepId: string): Promise<Told<ResultsData>> {
  const head = await sweepHead(database, sweepId)
  const prefixes = await lightPrefixesOf(database, head)
  const cells = prefixes.map((prefix) => {
    const { index, id, layout, digest, cpuSeconds, premises, ownEscape } = prefix
    const params = orderKeys(prefix.params, head.axes)
    const tally = tallyOf(prefix)
    const estimates = orderEstimates(estimatesNow(prefix), layout, head.demand.horizons)
    const stopped = prefix.stopped === null ? null : orderStopped(prefix.stopped)
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
  const data = resultsData({ id, name, seed, state: state }, comparing(cells), contrasts)
  return { data, warnings: farmWarnings(head) }
}

/** The estimates of an ended cell as stored; those of an open cell made from its newest tally. */
export function estimatesNow(prefix: Prefix): Readonly<Record<string, Estimate>> {
  if (prefix.state !== 'open') return prefix.estimates ?? {}
  return estimatesOf(tallyOf(prefix), prefix.layout, prefix.demand, prefix.how)
}

/** Warnings about the run as a whole. Those about cells are among their checks. */
function farmWarnings({ state, reason }: SweepHead): string[] {
  return state === 'incomplete' ? [`incomplete: ${reason ?? 'not all trials are done'}`] : []
}

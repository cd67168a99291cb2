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
import { demandOf } from '@driftfarm/spec'
import { checksOf, type Estimate, estimatesOf, tallyFromJson, warningsOf } from '@driftfarm/statistics'
import { comparing } from './comparing.ts'
import { contrastsOf } from './contrast/results.ts'
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
    const checks = checksOf({ tally, estimates, ended: stopped?.rule ?? null, horizon: layout.horizon })
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
  return { data, warnings: [...farmWarnings(head, prefixes), ...warningLines(warned)] }
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

function farmWarnings({ state, reason, demand }: SweepHead, prefixes: readonly Prefix[]): string[] {
  const warnings: string[] = []
  if (state === 'incomplete') warnings.push(`incomplete: ${reason ?? 'not all trials are done'}`)
  const endedBy = (rule: string, words: string) => {
    const cells = prefixes.filter((prefix) => prefix.state === 'done' && prefix.stopped?.rule === rule)
    if (cells.length === 0) return
    const which = cells.length === 1 ? `cell ${cells[0]!.index}` : `${cells.length} cells`
    warnings.push(`${which} ended ${words} with no stop rule met`)
  }
  endedBy('max', `at the maximum of ${demand.until?.max} trials`)
  endedBy('budget', `with the budget of ${demand.until?.budget} trials`)
  return warnings
}

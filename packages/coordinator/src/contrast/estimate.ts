import type { ContrastRow, Database, Prefix, SweepHead } from '@driftfarm/database'
import { contrastOf, howOf, type Side, type Stopped, tallyFromJson } from '@driftfarm/statistics'
import { type ComparedCells, independent, pairsOf } from './pairs.ts'

/** A contrast from the merged prefixes of its two cells; null while one of them has no trials. `contrasts`: all of the sweep. */
export async function contrastNow(
  database: Database,
  head: SweepHead,
  compared: ComparedCells,
  contrasts: number,
): Promise<ContrastRow | null> {
  const { place, first, second } = compared
  if (first.trials === 0 || second.trials === 0) return null
  const contrast = head.demand.contrasts[place]!
  const pairs = await pairsOf(database, contrast.of, compared)
  const sides = [sideOf(head, first), sideOf(head, second)] as const
  const estimate = contrastOf(contrast, sides, head.demand, { independent: independent(compared), pairs, contrasts })
  return { place, first: first.index, second: second.index, estimate }
}

/** Of a prefix that was read whole. */
function sideOf(head: SweepHead, { id, tally, layout, extended, trial, samples, state, stopped }: Prefix): Side {
  const how = howOf(
    { ...head, extended, trial: trial!, cell: id, samples: samples!, original: 0 },
    state === 'done' ? (stopped as Stopped) : null,
  )
  return { tally: tallyFromJson(tally!, layout), layout, how }
}

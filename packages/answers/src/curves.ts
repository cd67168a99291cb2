import { type Database, prefixesOf, sweepHead, tallyOf } from '@driftfarm/database'
import { type CellCurve, type CurvesData, integer, type Told } from '@driftfarm/report'
import { escapeCurve, escapeLabel, guardOf } from '@driftfarm/statistics'
import { orderKeys } from './order.ts'

/**
 * The Curves document of a sweep, over exactly the demanded prefixes. Cells without an escape event or without trials
 * have no curve.
 */
export async function curvesOf(database: Database, sweepId: string): Promise<Told<CurvesData>> {
  const head = await sweepHead(database, sweepId)
  const { id, name, state, seed } = head
  const prefixes = await prefixesOf(database, head)
  const cells = prefixes.flatMap((prefix): CellCurve[] => {
    const { index, layout, trial, demand, how } = prefix
    if (prefix.trials === 0 || layout.exits.length === 0 || layout.valued) return []
    const tally = tallyOf(prefix)
    const params = orderKeys(prefix.params, head.axes)
    const curve = escapeCurve(tally, layout, guardOf(demand, how, tally))
    return [{ index, id: prefix.id, params, trials: integer(tally.trials), event: escapeLabel(trial), ...curve }]
  })
  const warnings = prefixes.some(({ layout }) => layout.exits.length > 0) ? [] : ['no cell has an escape event']
  const valued = prefixes.filter(({ layout }) => layout.valued).length
  if (valued > 0)
    warnings.push(
      `${valued} of ${prefixes.length} cells have no curve: splitting and tilt answer for the horizon alone`,
    )
  return { data: { sweep: { id, name, state, seed }, cells }, warnings }
}

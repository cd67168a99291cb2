import { type SizingOptions, sizedCell, sizingTargetOf } from '@driftfarm/answers'
import type { CellSizing, Recommended, SizingData } from '@driftfarm/report'
import type { ResolvedCell, Sweep } from '@driftfarm/spec'
import { countEvents, type PilotResources } from './direct.ts'

/** 100 events give a probability a relative uncertainty of 10 %. */
const enoughEvents = 100
/** Maximum thread time in seconds for one cell, and for all cells together. */
const maxSeconds = 0.4
const allSeconds = 5

/**
 * Estimates unknown probabilities with pilot trials, because the number of trials that a relative half-width requires
 * depends on the probability. If the pilot of a cell finds no event or would take too long, the splitting estimate in
 * `advice` is used. Without such an estimate, the sizing of the cell remains unknown.
 */
export async function pilotSizing(
  sweep: Sweep,
  data: SizingData,
  options: SizingOptions,
  { advice, ...means }: PilotResources & { readonly advice: readonly Recommended[] },
): Promise<SizingData> {
  const open = data.cells.filter(({ from }) => from === 'unknown')
  if (open.length === 0) return data
  const target = sizingTargetOf(sweep, options)
  const seconds = Math.min(maxSeconds, allSeconds / open.length)
  const requested = { ...means, estimate: data.estimate, horizons: sweep.demand.horizons, enoughEvents, seconds }
  const cells: CellSizing[] = []
  for (const known of data.cells) {
    const { index } = known
    const found = known.from === 'unknown' ? await shareOf(sweep.cell(index), requested) : null
    const split = data.estimate === 'escape' ? advice.find(({ cell }) => cell === index)?.probability : null
    const probability = found || split || null
    cells.push(
      known.from === 'unknown' && probability !== null
        ? sizedCell(index, { probability, from: 'pilot' }, target)
        : known,
    )
  }
  return { ...data, cells }
}

async function shareOf(cell: ResolvedCell, requested: Parameters<typeof countEvents>[1]): Promise<number | null> {
  if (cell.cell.method.kind !== 'direct') return null
  const ran = await countEvents(cell, requested)
  return ran === null ? null : ran.events / ran.trials
}

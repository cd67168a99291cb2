import { type SizingOptions, sizedCell, sizingTargetOf } from '@driftfarm/answers'
import type { CellSizing, Recommended, SizingData } from '@driftfarm/report'
import type { ResolvedCell, Sweep } from '@driftfarm/spec'
import { FarmError } from '../error.ts'
import { countEvents, type PilotResources } from './pilot.ts'

/**
 * Whether the options request sizing, which computes one of width, confidence and trials from the other two. `--trials`
 * alone requests no sizing, only that number of trials. The confidence defaults to the confidence in the spec. Throws a
 * FarmError if neither width nor trials is given, or if width, confidence and trials are all given.
 */
export function isSizingRequested({ width, relative, confidence, trials, probability }: SizingOptions): boolean {
  if ([width, relative, confidence, probability].every((each) => each === undefined)) return false
  if (width !== undefined && relative !== undefined)
    throw new FarmError('USAGE', '--width cannot be combined with --relative', { hint: 'give only one of them' })
  const isWide = (width ?? relative) !== undefined
  const fixed = isWide || trials !== undefined
  if (fixed && !(isWide && trials !== undefined && confidence !== undefined)) return true
  throw new FarmError(
    'USAGE',
    fixed
      ? '--width (or --relative), --confidence and --trials are all given, so nothing is left to compute'
      : 'neither a width nor a number of trials is given',
    {
      hint: fixed
        ? 'omit the one that is to be computed'
        : 'give --width (or --relative) to compute the number of trials, or --trials to compute the width',
    },
  )
}

/**
 * The number of trials for a relative width depends on the probability. Throws a FarmError if the probability is
 * unknown in all cells and no pilot will run.
 */
export function checkSizing({ estimate, cells }: SizingData, { pilot }: { readonly pilot: boolean }): void {
  if (pilot || cells.some(({ from }) => from !== 'unknown')) return
  throw new FarmError('USAGE', `--relative needs an estimate of ${estimate}, but no trials are stored`, {
    hint: 'omit --no-pilot, or give a guess: --probability 0.001',
  })
}

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

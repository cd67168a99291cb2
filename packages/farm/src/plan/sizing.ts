import type { SizingOptions } from '@driftfarm/answers'
import type { SizingData } from '@driftfarm/report'
import { FarmError } from '../error.ts'

/**
 * Whether sizes are asked for. `--trials` alone plans with that number of trials. Of width, confidence and trials two
 * must be known, and the spec knows a confidence; otherwise a FarmError is thrown.
 */
export function wantsSizing({ width, relative, confidence, trials, probability }: SizingOptions): boolean {
  if ([width, relative, confidence, probability].every((each) => each === undefined)) return false
  if (width !== undefined && relative !== undefined)
    throw new FarmError('USAGE', '--width and --relative exclude one another', { hint: 'give one of the two' })
  const isWide = (width ?? relative) !== undefined
  const fixed = isWide || trials !== undefined
  if (fixed && !(isWide && trials !== undefined && confidence !== undefined)) return true
  throw new FarmError(
    'USAGE',
    `${fixed ? 'all three of width, confidence and trials are' : 'neither a width nor a number of trials is'} given`,
    {
      hint: 'give --width (or --relative) and get the trials, or --trials and get the width',
    },
  )
}

/**
 * A relative width needs a probability: refused where none is known of any cell, and no pilot looks for one. With a
 * pilot it is told for each cell.
 */
export function checkSizing({ estimate, cells }: SizingData, { pilot }: { readonly pilot: boolean }): void {
  if (pilot || cells.some(({ from }) => from !== 'unknown')) return
  throw new FarmError('USAGE', `how rare ${estimate} is decides what a relative width takes, and no trial is stored`, {
    hint: 'leave --no-pilot out, or give a guess: --probability 0.001',
  })
}

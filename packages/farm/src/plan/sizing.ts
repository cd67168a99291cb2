import type { SizingOptions } from '@driftfarm/answers'
import type { SizingData } from '@driftfarm/report'
import { FarmError } from '../error.ts'

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

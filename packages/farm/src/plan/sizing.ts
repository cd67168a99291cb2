import type { SizingOptions } from '@driftfarm/answers'
import type { SizingData } from '@driftfarm/report'
import { FarmError } from '../error.ts'

/**
 * Whether sizes are asked for. `--trials` alone plans with that number of trials. Exactly two of width, confidence and
 * trials must be given; otherwise a FarmError is thrown.
 */
export function wantsSizing({ width, relative, confidence, trials, probability }: SizingOptions): boolean {
  if ([width, relative, confidence, probability].every((each) => each === undefined)) return false
  if (width !== undefined && relative !== undefined)
    throw new FarmError('USAGE', '--width and --relative exclude one another', { hint: 'give one of the two' })
  const given = [
    ...(width === undefined && relative === undefined ? [] : ['width']),
    ...(confidence === undefined ? [] : ['confidence']),
    ...(trials === undefined ? [] : ['trials']),
  ]
  if (given.length === 2) return true
  throw new FarmError(
    'USAGE',
    `${given.length === 0 ? 'none' : given.length === 1 ? `only ${given[0]}` : 'all three'} of width, confidence ` +
      'and trials given',
    { hint: 'give two of --width (or --relative), --confidence and --trials, and get the third' },
  )
}

/** A relative width needs a probability: refused where none is known of any cell. */
export function checkSizing({ estimate, cells }: SizingData, { relative, probability }: SizingOptions): void {
  if (relative === undefined || probability !== undefined || cells.some((cell) => cell.from === 'stored')) return
  throw new FarmError('USAGE', `how rare ${estimate} is decides what a relative width takes, and no trial is stored`, {
    hint: 'give a guess: --probability 0.001',
  })
}

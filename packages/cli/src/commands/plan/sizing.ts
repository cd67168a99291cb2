import type { SizingOptions } from '@driftfarm/answers'
import type { SizingData } from '@driftfarm/report'
import { CliError } from '../../failure.ts'

/**
 * Whether sizes are asked for. `--trials` alone plans with that number of trials. Exactly two of width, confidence and
 * trials must be given; otherwise a CliError is thrown.
 */
export function wantsSizing({ width, relative, confidence, trials, probability }: SizingOptions): boolean {
  if ([width, relative, confidence, probability].every((each) => each === undefined)) return false
  if (width !== undefined && relative !== undefined)
    throw new CliError('USAGE', '--width and --relative exclude one another', 'give one of the two')
  const given = [
    ...(width === undefined && relative === undefined ? [] : ['width']),
    ...(confidence === undefined ? [] : ['confidence']),
    ...(trials === undefined ? [] : ['trials']),
  ]
  if (given.length === 2) return true
  throw new CliError(
    'USAGE',
    `${given.length === 0 ? 'none' : given.length === 1 ? `only ${given[0]}` : 'all three'} of width, confidence ` +
      'and trials given',
    'give two of --width (or --relative), --confidence and --trials, and get the third',
  )
}

/** A relative width needs a probability: refused where none is known of any cell. */
export function checkSizing({ estimate, cells }: SizingData, { relative, probability }: SizingOptions): void {
  if (relative === undefined || probability !== undefined || cells.some((cell) => cell.from === 'stored')) return
  throw new CliError(
    'USAGE',
    `how rare ${estimate} is decides what a relative width takes, and no trial is stored`,
    'give a guess: --probability 0.001',
  )
}

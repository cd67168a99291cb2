import { incompleteBeta } from '../../../packages/statistics/src/index.ts'
import type { Seeds } from './seeds.ts'

/** Whether a statement held in one study; null where none was made. */
export type Held = boolean | null

/** A study that is repeated: what it says of known numbers, and how often that must hold. */
export interface Experiment {
  readonly name: string
  /** What its statements are about, in the order in which a study gives them. */
  readonly rows: readonly string[]
  /** At least how often each must hold. */
  readonly level: number
  /** Statements that are wrong on purpose: they must fail, or the experiment could not tell. */
  readonly controls?: readonly string[]
  /** The study of a replicate, 0 .. replicates - 1; studies are independent of each other. */
  begin(seeds: Seeds, replicates: number): Promise<(replicate: number) => readonly Held[]>
}

export interface Row {
  readonly experiment: string
  readonly row: string
  readonly level: number
  readonly isControl: boolean
  /** Studies that made the statement, and in how many of them it held. */
  readonly made: number
  readonly held: number
  readonly refused: number
  /** P(at most as many hold as were observed) if each holds with probability `level`. */
  readonly pValue: number
}

/** A row fails below this: by chance once in a thousand rows whose coverage is exactly the level. */
export const least = 1e-3

export const hasFailed = ({ isControl, pValue }: Row): boolean => (isControl ? pValue >= least : pValue < least)

export async function resultsOf(experiment: Experiment, seeds: Seeds, replicates: number): Promise<readonly Row[]> {
  const { name, rows, level, controls = [] } = experiment
  const study = await experiment.begin(seeds, replicates)
  const all = [...rows, ...controls]
  const made = all.map(() => 0)
  const held = all.map(() => 0)
  for (let replicate = 0; replicate < replicates; replicate++)
    for (const [at, each] of study(replicate).entries()) {
      if (each === null) continue
      made[at]!++
      if (each) held[at]!++
    }
  return all.map((row, at) => ({
    experiment: name,
    row,
    level,
    isControl: at >= rows.length,
    made: made[at]!,
    held: held[at]!,
    refused: replicates - made[at]!,
    pValue: lowerTail(held[at]!, made[at]!, level),
  }))
}

/** P(X <= k) of a binomial X. */
const lowerTail = (k: number, n: number, p: number): number => (k >= n ? 1 : incompleteBeta(1 - p, n - k, k + 1))

export const within = ({ low, high }: { readonly low: number; readonly high: number }, truth: number): boolean =>
  low <= truth && truth <= high

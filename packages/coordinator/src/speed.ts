import type { CellCost, NewsCost } from '@driftfarm/database'
import { defaults } from './defaults.ts'

/** What is known of a sweep's cost, learnt from its commits: so that a new cell is not sized by a guess alone. */
export class Speed {
  /** Measured thread time of a trial over the guess; null before the first commit. */
  #ratio: number | null = null
  #batchSeconds: number = defaults.batchOverheadSeconds

  /** The newest commits count for a half. */
  learn({ batches, expected, trialsSeconds, seconds }: NewsCost): void {
    if (expected > 0 && trialsSeconds > 0) this.#ratio = mean(this.#ratio, trialsSeconds / expected)
    if (batches > 0) this.#batchSeconds = mean(this.#batchSeconds, Math.max(0, seconds - trialsSeconds) / batches)
  }

  /** Whether the cost of a cell has been measured, on itself or on others of its sweep. */
  knows({ secondsPerTrial }: Pick<CellCost, 'secondsPerTrial'>): boolean {
    return secondsPerTrial !== null || this.#ratio !== null
  }

  /** Thread time of a trial in seconds. */
  trialSeconds({ secondsPerTrial, cost }: Pick<CellCost, 'secondsPerTrial' | 'cost'>): number {
    return secondsPerTrial ?? cost * (this.#ratio ?? 1)
  }

  /** Thread time in seconds that comes to each batch beside its trials. */
  get batchSeconds(): number {
    return this.#batchSeconds
  }
}

const mean = (was: number | null, is: number): number => (was === null ? is : (was + is) / 2)

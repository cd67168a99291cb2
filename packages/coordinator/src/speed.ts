import type { CellCost, CostSample } from '@driftfarm/database'
import { defaults } from './defaults.ts'

/**
 * Measures the cost of trials and batches from the commits of a sweep. Without a measurement, the batches of a new cell
 * would be sized only by a guess of the cost.
 */
export class Speed {
  /** Ratio of measured to guessed thread time of a trial; null before the first commit. */
  #ratio: number | null = null
  #batchSeconds: number = defaults.batchOverheadSeconds

  /** Each update halves the weight of all earlier commits. */
  update({ batches, expected, trialsSeconds, seconds }: CostSample): void {
    if (expected > 0 && trialsSeconds > 0) this.#ratio = mean(this.#ratio, trialsSeconds / expected)
    if (batches > 0) this.#batchSeconds = mean(this.#batchSeconds, Math.max(0, seconds - trialsSeconds) / batches)
  }

  /** Whether the cost has been measured, on the cell itself or on other cells of its sweep. */
  isMeasured({ secondsPerTrial }: Pick<CellCost, 'secondsPerTrial'>): boolean {
    return secondsPerTrial !== null || this.#ratio !== null
  }

  trialSeconds({ secondsPerTrial, cost }: Pick<CellCost, 'secondsPerTrial' | 'cost'>): number {
    return secondsPerTrial ?? cost * (this.#ratio ?? 1)
  }

  /** Overhead of each batch in seconds of thread time. */
  get batchSeconds(): number {
    return this.#batchSeconds
  }
}

const mean = (was: number | null, is: number): number => (was === null ? is : (was + is) / 2)

import { ranges } from '../field/range.ts'
import { number } from '../field/section.ts'

/** A start, a basin escape and a quench have the same defaults for their noise-free descents. */
export const descentFields = {
  gradient: number(ranges.positive, 'The descent ends when the norm of the gradient is at most this.', 1e-9),
  eta: number(ranges.positive, 'The step size of the descent.', 0.01),
  steps: number(ranges.steps, 'The largest number of steps of the descent.', 100_000),
}

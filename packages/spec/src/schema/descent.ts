import { quantity } from './leaf.ts'
import { ranges } from './range.ts'

export const descentShape = {
  gradient: quantity(
    ranges.positive,
    'The descent ends when the norm of the gradient is at most this. Default 1e-9.',
  ).optional(),
  eta: quantity(ranges.positive, 'The step size of the descent. Default 0.01.').optional(),
  steps: quantity(ranges.steps, 'The largest number of steps of the descent. Default 100000.').optional(),
}

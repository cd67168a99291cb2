import { quantity } from './leaf.ts'
import { ranges } from './range.ts'

/** Keys of a noise-free descent. */
export const descentShape = {
  gradient: quantity(ranges.positive, 'The descent ends at this norm of the gradient. Default 1e-9.').optional(),
  eta: quantity(ranges.positive, 'Its step size. Default 0.01.').optional(),
  steps: quantity(ranges.steps, 'At most so many steps. Default 100000.').optional(),
}

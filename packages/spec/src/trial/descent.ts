import type { Descent } from '../cell.ts'
import { quantity } from '../field/field.ts'
import type { Frame } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import type { Scope } from '../field/scope.ts'
import { collectParts } from '../mistakes.ts'

export const descentShape = {
  gradient: quantity(
    ranges.positive,
    'The descent ends when the norm of the gradient is at most this. Default 1e-9.',
  ).optional(),
  eta: quantity(ranges.positive, 'The step size of the descent. Default 0.01.').optional(),
  steps: quantity(ranges.steps, 'The largest number of steps of the descent. Default 100000.').optional(),
}

/** A start, a basin escape and a quench have the same defaults for their noise-free descents. */
export function resolveDescent(scope: Scope, frame: Frame): Descent {
  return collectParts<Descent>({
    gradient: () => scope.number(frame, 'gradient', ranges.positive, 1e-9),
    eta: () => scope.number(frame, 'eta', ranges.positive, 0.01),
    steps: () => scope.number(frame, 'steps', ranges.steps, 100_000),
  })
}

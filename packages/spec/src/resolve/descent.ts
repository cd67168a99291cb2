import type { Descent } from '../cell.ts'
import { collectParts } from '../mistakes.ts'
import { ranges } from '../schema/range.ts'
import type { Frame } from './frame.ts'
import type { Scope } from './scope.ts'

/** A start, a basin escape and a quench have the same defaults for their noise-free descents. */
export function resolveDescent(scope: Scope, frame: Frame): Descent {
  return collectParts<Descent>({
    gradient: () => scope.number(frame, 'gradient', ranges.positive, 1e-9),
    eta: () => scope.number(frame, 'eta', ranges.positive, 0.01),
    steps: () => scope.number(frame, 'steps', ranges.steps, 100_000),
  })
}

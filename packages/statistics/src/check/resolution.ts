import type { CheckEntry } from '../finding/cellFindings.ts'
import { doubtful, good, type Statement, short } from '../finding/check.ts'
import type { Premises } from '../finding/premises.ts'

/**
 * Displacements below this share of a coordinate are lost to rounding (1.1e-16 for each step) within a few thousand
 * steps. If a step is more than 1 / `least` times as long as theta, theta itself is lost to rounding.
 */
const least = 1e-12

function ofResolution({ resolution, control }: Premises): Statement | null {
  if (resolution === null) return null
  const { noise, step, radius } = resolution
  if (noise !== null && noise < least)
    return doubtful(
      `the noise of a step is ${short(noise)} times the coordinate to which it is added: rounding dominates the noise`,
      'use a larger drift scale, or coordinates nearer to 0',
    )
  if (step !== null && step > 1 / least)
    return doubtful(`a step is ${short(step)} times as long as theta: theta is lost to rounding`, 'use a smaller `eta`')
  if (radius !== null && radius < least)
    return doubtful(
      `the ball of an event has a radius of ${short(radius)} times the coordinates of its centre: rounding decides ` +
        'which trials are in it',
      'use a larger radius, or coordinates nearer to 0',
    )
  // If there is noise above the rounding errors, steps of any length are acceptable.
  if (noise === null && control?.own !== true && step !== null && step > 0 && step < least)
    return doubtful(
      `a step is ${short(step)} times theta, and no noise is added: rounding dominates the steps`,
      'use a larger `eta`, or start where the gradient is larger',
    )
  return good('steps and noise are far larger than rounding errors')
}

export const resolution: CheckEntry = { parts: ['resolution'], ofPremises: ofResolution }

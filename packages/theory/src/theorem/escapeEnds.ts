import type { Cell } from '@driftfarm/spec'
import type { Clearance } from '../ball/escapeSet.ts'
import type { Curvature, TheoremAnswer } from '../shapes/index.ts'
import { short } from './conditions.ts'
import type { Known } from './statement.ts'

/**
 * Returns which of the bounds on the probability of leaving the ball also hold for the escape that the cell's trials
 * measure: both, only the upper bound, or none.
 */
export function escapeEnds(
  { trial }: Cell,
  { kind, text, radius: clear }: Clearance,
  curvature: Curvature,
): TheoremAnswer['escape'] {
  const { radius, meanMu, meanLambda } = curvature
  const holding = (ends: TheoremAnswer['escape']['ends'], more: string) => ({ kind, ends, text: `${text}${more}` })
  if (kind === 'ball') {
    if (clear === radius) return holding('both', ': the bounds hold for escape')
    return radius < clear
      ? holding(
          'upper',
          ': the bounds are for a smaller ball, which a trial can leave without escaping, ' +
            'so only the upper bound holds for the escape probability',
        )
      : holding('none', ', but the bounds are for a larger ball, and a trial can escape without leaving it')
  }
  if (kind === 'misses')
    return radius <= clear
      ? holding('upper', ': only the upper bound holds for the escape probability')
      : holding('none', `; the ball of radius ${short(radius)} may intersect the escape set`)
  const { escape } = trial
  if (kind !== 'settles' || escape?.kind !== 'basin') return holding('none', '')
  const { gradient, eta, steps } = escape.descent
  const rho = Math.max(1 - eta * meanMu, eta * meanLambda - 1)
  const arrives =
    meanMu > 0 &&
    rho < 1 &&
    rho ** steps * radius * meanLambda <= gradient &&
    (2 * gradient) / meanMu <= trial.settledRadius
  return arrives
    ? holding(
        'upper',
        '; descent from every point of the ball ends at the minimum, so a trial leaves the ball before it ' +
          'escapes, and only the upper bound holds for the escape probability',
      )
    : holding('none', '; it is not proven that descent from every point of the ball ends at the minimum')
}

/** Returns a spec fragment that makes trials measure the event that the bounds refer to. */
export function measureHint({ cell: { landscape }, base, among, curvature: { radius } }: Known): string {
  if (among.length === landscape.dimension) {
    const of = base.name ?? `[${base.minimum.point.join(', ')}]`
    return `escape: {outside: {radius: ${radius}, of: ${of}}}`
  }
  const square = among
    .map((i) => `(${landscape.variables?.[i] ?? `x[${i + 1}]`} - (${base.minimum.point[i]!}))^2`)
    .join(' + ')
  return `escape: "${square} >= ${radius}^2"`
}

import { Mistake } from '../errors.ts'
import type { Scope } from '../field/frame.ts'
import { canonicalJson } from '../identity.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import { withoutTrainingNoise } from '../samples.ts'
import type { DescentEnd } from '../stationary/descent.ts'
import { type Fault, minimumFault } from '../stationary/minimum.ts'
import type { Slopes } from '../stationary/slopes.ts'
import type { Minima, Minimum, ResolvedLandscape } from './minima.ts'

/** Two points are the same if each of their coordinates differs by at most this, relative to 1 + |coordinate|. */
const rounding = 1e-6
/** Largest number of arithmetic operations for checking the minima of one landscape. They take about a second. */
const landscapeOperations = 1e8
/** Largest number of arithmetic operations for all landscapes of a sweep. */
const sweepOperations = 2e9
const maxShown = 8

/** Checks only the minima of the document. The minima of presets are known to be correct. */
export function checkMinima(scope: Scope, resolved: ResolvedLandscape): void {
  const { minima } = resolved
  const own = minima.all.filter(([name]) => minima.places.has(name))
  if (own.length === 0) return
  collectParts({
    distinct: () => checkDistinct(minima, own),
    stationary: () => checkStationary(scope, resolved, own),
  })
}

function checkDistinct({ all, places }: Minima, own: readonly Minimum[]): void {
  collectEach(own, ([name, point]) => {
    const at = all.findIndex(([other]) => other === name)
    const twin = all.find(
      ([other, there], i) => other !== name && (i < at || !places.has(other)) && isSame(point, there),
    )
    if (twin !== undefined) throw new Mistake('SAME_MINIMUM', places.get(name)!, { word: name, reason: twin[0] }, 'key')
  })
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.every((x, i) => Math.abs(x - b[i]!) <= rounding * (1 + Math.abs(x)))
}

function checkStationary(
  scope: Scope,
  { landscape, tables, minima }: ResolvedLandscape,
  own: readonly Minimum[],
): void {
  const { minimumChecks } = scope.library
  if (!minimumChecks.wanted || minimumChecks.spent > sweepOperations) return
  const slopes = minimumChecks.slopesOf(landscape, tables)
  if (slopes === null) return
  const key = canonicalJson(withoutTrainingNoise(landscape))
  collectEach(own, ([name, point]) => {
    const make = () => {
      minimumChecks.spent += costOf(slopes)
      return minimumFault(slopes, point, landscapeOperations / own.length)
    }
    const fault = minimumChecks.remembered(`${key} ${point.join(' ')}`, make)
    if (fault !== null) throw new Mistake('NOT_A_MINIMUM', minima.places.get(name)!, detailsOf(fault, point))
  })
}

/** Counts the operations for the full Hessian. If the Hessian would take too long, counts those for one gradient. */
function costOf({ cost, dimension }: Slopes): number {
  const dense = 2 * dimension * cost
  return dense <= landscapeOperations ? dense : cost
}

function detailsOf(fault: Fault, point: readonly number[]) {
  const value = point.length <= maxShown ? point : [...point.slice(0, maxShown), '...']
  switch (fault.kind) {
    case 'not finite':
      return { value, reason: 'the loss or its gradient is not finite there' }
    case 'slope': {
      const where = `and descent from this point ${describeDescent(fault.end, point)}`
      return { value, reason: `the gradient there has length ${short(fault.gradient)}, ${where}` }
    }
    case 'saddle': {
      const what = point.length === 1 ? 'a maximum' : 'a saddle'
      const [one, other] = fault.ends.map((end) => describeDescent(end, point))
      const where = one === other ? `from both sides ${one}` : `from one side ${one}, from the other side ${other}`
      return { value, reason: `it is ${what}: the curvature there is ${short(fault.curvature)}, and descent ${where}` }
    }
  }
}

function describeDescent({ theta, state }: DescentEnd, from: readonly number[]): string {
  if (state === 'running off') return 'runs off to infinity'
  const verb = state === 'arrived' ? 'ends' : 'was still running'
  if (theta.length > maxShown) {
    const far = Math.sqrt(theta.reduce((sum, x, i) => sum + (x - from[i]!) ** 2, 0))
    return `${verb} ${short(far)} away`
  }
  const nothing = 1e-7 * (1 + Math.max(...theta.map(Math.abs)))
  return `${verb} at [${Array.from(theta, (x) => short(Math.abs(x) < nothing ? 0 : x)).join(', ')}]`
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)) + 0)
}

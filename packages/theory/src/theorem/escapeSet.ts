import { build, type Expression, expand, FormulaError, parse, simplify, substitute } from '@driftfarm/formula'
import type { Cell } from '@driftfarm/spec'
import { type Ball, type Box, boxAround, distances, halves, middle, projectInto } from '../interval/box.ts'
import type { Derivatives } from '../interval/derivatives.ts'
import { add, everything, type Interval, increasing, power } from '../interval/interval.ts'
import { namesOf } from '../interval/namesOf.ts'
import { type Program, program } from '../interval/program.ts'
import { norm } from '../linear/matrix.ts'

/** Which balls about the minimum do not meet the escape set. */
export interface Clearance {
  /**
   * ball: the escape is leaving B(theta*, radius), so both ends of the bracket are about it. misses: smaller balls
   * about the minimum do not meet the escape set, so a trial in one has not escaped. settles: escape is decided by a
   * descent, which also shows whether a ball misses it. none: the cell has no escape. unknown: no ball was found that
   * misses the escape set.
   */
  readonly kind: 'ball' | 'misses' | 'settles' | 'none' | 'unknown'
  /** The radius of the largest ball found that misses the set; Infinity if all do, 0 if none was found. */
  readonly radius: number
  readonly text: string
}

/** The numbers of boxes and of bisections that deciding on balls may take. */
const boxes = 3000
const minBoxes = 16
/** The number of interval operations that deciding on a ball may take. */
const maxOperations = 1e6
const rounds = 30
/** Two centers are the same up to this distance, in units of the radius and of |theta|: up to rounding. */
const same = 1e-12

export interface ClearanceQuestion {
  readonly center: readonly number[]
  /** The coordinates in which the ball is measured: all, except in a valley. */
  readonly among: readonly number[]
  readonly derivatives: Derivatives | null
  /** The largest radius of interest. */
  readonly most: number
}

/**
 * Finds the balls about the minimum that miss the escape set. Conditions are evaluated by interval arithmetic, so that
 * "misses" is proven, up to rounding at the boundary.
 */
export function clearanceOf(cell: Cell, { center, among, derivatives, most }: ClearanceQuestion): Clearance {
  const { escape } = cell.trial
  if (escape === null) return { kind: 'none', radius: most, text: 'the cell has no escape event' }
  if (escape.kind === 'basin')
    return { kind: 'settles', radius: most, text: 'a trial has escaped if noise-free descent ends elsewhere' }
  if (escape.kind === 'outside') {
    const apart = norm(center.map((c, i) => c - escape.of[i]!))
    const isWhole = among.length === center.length
    if (apart <= same * (escape.radius + norm(center)) && isWhole)
      return { kind: 'ball', radius: escape.radius, text: `escape means leaving the ball of radius ${escape.radius}` }
    if (!isWhole) return { kind: 'unknown', radius: 0, text: 'escape means leaving a ball, but this set is a tube' }
    const radius = escape.radius - apart
    return radius > 0
      ? {
          kind: 'misses',
          radius,
          text: `escape means leaving a ball of radius ${escape.radius} whose center is ${apart.toPrecision(4)} away`,
        }
      : { kind: 'unknown', radius: 0, text: `the minimum is outside the escape's ball of radius ${escape.radius}` }
  }
  const found = conditionOf(
    cell,
    derivatives,
    among,
    escape.exits.map(([, when]) => when),
  )
  if (found === null)
    return { kind: 'unknown', radius: 0, text: 'the escape condition is too large for interval arithmetic' }
  const { condition, sides, operations } = found
  const affordable = Math.max(minBoxes, Math.min(boxes, Math.floor(maxOperations / operations)))
  const misses = (radius: number) =>
    decide(condition, { center: sides.map((i) => center[i]!), radius }, affordable) === 'misses'
  if (misses(most))
    return { kind: 'misses', radius: most, text: `no ball up to radius ${most} intersects the escape set` }
  let [low, high] = [0, most]
  for (let round = 0; round < rounds; round++) {
    const between = low === 0 ? high / 4 : (low + high) / 2
    if (misses(between)) low = between
    else high = between
  }
  return low > most * 1e-9
    ? {
        kind: 'misses',
        radius: low,
        text: `the largest ball that interval arithmetic shows to miss the escape set has radius ${low.toPrecision(6)}`,
      }
    : { kind: 'unknown', radius: 0, text: 'no ball around the minimum was found that misses the escape set' }
}

/** A condition over boxes of some of the coordinates: [1, 1] holds, [0, 0] does not hold, [0, 1] is not decided. */
type Condition = (box: Box) => Interval

/**
 * Whether one of the conditions `when` holds over boxes of the coordinates `sides`, those of `among` that it depends
 * on. null where it is too large.
 */
export function conditionOf(
  { landscape, trial, start }: Cell,
  derivatives: Derivatives | null,
  among: readonly number[],
  whens: readonly string[],
): { readonly condition: Condition; readonly sides: readonly number[]; readonly operations: number } | null {
  const { dimension, variables, parameters } = landscape
  const constants = new Map(parameters.map(([name, value]) => [name, build.number(value)]))
  const read = (text: string) => simplify(expand(substitute(parse(text), constants)))
  let any: Expression
  try {
    any = whens.map(read).reduce((a, b) => build.logic('||', a, b))
  } catch (error) {
    // Written out, the condition is larger than an expression may be.
    if (error instanceof FormulaError) return null
    throw error
  }
  const words = ['loss', 'gradnorm', 'distance', 'step']
  const names = new Map((variables ?? []).map((name, i) => [name, i] as const))
  words.forEach((word, i) => {
    names.set(word, dimension + i)
  })
  const of: Program = program([any], { names, first: variables === null ? 0 : null })
  const named = namesOf(any)
  const from = start.kind === 'point' && trial.warmup === 0 ? start.point : null
  // The projection of the ball to the coordinates that the condition names is a ball as well, with fewer sides to cut.
  const needsAll = ['loss', 'gradnorm', 'distance'].some((word) => named.has(word))
  const isNamed = (i: number) => named.has(variables?.[i] ?? `${i + 1}`)
  const sides = needsAll ? among : among.filter(isNamed)
  const condition: Condition = (box) => {
    const full: Interval[] = new Array<Interval>(dimension).fill(everything)
    sides.forEach((coordinate, i) => {
      full[coordinate] = box[i]!
    })
    const loss = named.has('loss') && derivatives !== null ? derivatives.loss(full) : everything
    const gradnorm = named.has('gradnorm') && derivatives !== null ? lengthOf(derivatives.gradient(full)) : everything
    const reach = from === null ? null : distances(full, from)
    const distance: Interval = reach === null ? [0, everything[1]] : [reach.nearest, reach.farthest]
    return of([...full, loss, gradnorm, distance, [1, trial.steps]]).values[0]!
  }
  const lookedUp = ['loss', 'gradnorm'].some((word) => named.has(word)) ? (derivatives?.operations ?? 0) : 0
  // A box is examined by its bound and by its middle.
  return { condition, sides, operations: 2 * (of.operations + lookedUp) }
}

export function lengthOf(vector: readonly Interval[]): Interval {
  const square = vector.reduce((sum, side) => add(sum, power(side, 2)), [0, 0] as Interval)
  return increasing(Math.sqrt, [Math.max(0, square[0]), Math.max(0, square[1])], [0, everything[1]])
}

/**
 * Whether some point of the ball satisfies the condition: proven not to (`misses`), a point found (`meets`), or not
 * decided within the number of boxes.
 */
function decide(condition: Condition, ball: Ball, most: number): 'misses' | 'meets' | 'unknown' {
  const open: Box[] = [boxAround(ball)]
  for (let used = 0; used < most; used++) {
    const box = open.pop()
    if (box === undefined) return 'misses'
    if (distances(box, ball.center).nearest > ball.radius) continue
    const [least, most] = condition(box)
    if (most === 0) continue
    const inside = projectInto(middle(box), ball)
    if (least === 1 || condition(inside.map((x) => [x, x] as const))[0] === 1) return 'meets'
    // A condition on coordinates that the loss does not depend on has no side to cut.
    if (box.length === 0) return 'unknown'
    open.push(...halves(box))
  }
  return 'unknown'
}

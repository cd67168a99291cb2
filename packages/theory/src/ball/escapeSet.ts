import { build, expand, FormulaError, freeNames, norm, nullIf, parse, simplify, substitute } from '@driftfarm/formula'
import { type Cell, quantityOf } from '@driftfarm/spec'
import { type Ball, type Box, boxAround, distances, halves, middle, projectInto } from '../interval/box.ts'
import type { Derivatives } from '../interval/derivatives.ts'
import { add, everything, type Interval, increasing, point, power } from '../interval/interval.ts'
import { namesOf, type Program, program } from '../interval/program.ts'
import type { TheoremAnswer } from '../shapes/index.ts'

/** Which balls about the minimum do not intersect the escape set. */
export interface Clearance {
  readonly kind: TheoremAnswer['escape']['kind']
  /**
   * The radius of the largest ball found that misses the escape set; 0 if none was found. For 'settles' and 'none', the
   * largest radius of interest.
   */
  readonly radius: number
  readonly text: string
}

const maxBoxes = 3000
const minBoxes = 16
/** In one ball, the search examines as many boxes as this number of operations allows, but at least `minBoxes`. */
const maxOperations = 1e6
const bisections = 30
/**
 * If the center of the escape ball is at most this far from the minimum theta*, the two points count as equal,
 * because both are rounded. The tolerance is relative to the radius plus |theta*|.
 */
const centerTolerance = 1e-12

export interface ClearanceQuestion {
  readonly center: readonly number[]
  /** The coordinates in which the ball is measured: all of them, except in a valley. */
  readonly among: readonly number[]
  readonly derivatives: Derivatives | null
  /** The largest radius of interest. */
  readonly most: number
}

/** Evaluates conditions by interval arithmetic, so 'misses' is proven, up to rounding at the boundary. */
export function clearanceOf(cell: Cell, { center, among, derivatives, most }: ClearanceQuestion): Clearance {
  const { escape } = cell.trial
  const unknown = (text: string): Clearance => ({ kind: 'unknown', radius: 0, text })
  const missed = (radius: number, text: string): Clearance => ({ kind: 'misses', radius, text })
  if (escape === null) return { kind: 'none', radius: most, text: 'the cell has no escape event' }
  if (escape.kind === 'basin')
    return {
      kind: 'settles',
      radius: most,
      text: 'a trial has escaped if noise-free descent from its current theta does not end at the minimum',
    }
  if (escape.kind === 'outside') {
    const apart = norm(center.map((c, i) => c - escape.of[i]!))
    const isWhole = among.length === center.length
    if (apart <= centerTolerance * (escape.radius + norm(center)) && isWhole)
      return { kind: 'ball', radius: escape.radius, text: `escape means leaving the ball of radius ${escape.radius}` }
    if (!isWhole)
      return unknown(
        'escape means leaving a ball, but the bounds are for a tube, which restricts only the coordinates on which ' +
          'the loss depends',
      )
    const leaving = `escape means leaving a ball of radius ${escape.radius}`
    const radius = escape.radius - apart
    return radius > 0
      ? missed(radius, `${leaving} whose center is ${apart.toPrecision(4)} away from the minimum`)
      : unknown(`${leaving} that does not contain the minimum`)
  }
  const whens = escape.exits.map(([, when]) => when)
  const found = conditionOf(cell, derivatives, whens, among)
  if (found === null)
    return unknown('the escape condition is too long for interval arithmetic once its sums are written out')
  const { condition, sides, operations } = found
  const affordable = Math.max(minBoxes, Math.min(maxBoxes, Math.floor(maxOperations / operations)))
  const misses = (radius: number) => isMissed(condition, { center: sides.map((i) => center[i]!), radius }, affordable)
  if (misses(most)) return missed(most, `no ball up to radius ${most} intersects the escape set`)
  let [low, high] = [0, most]
  for (let round = 0; round < bisections; round++) {
    const between = low === 0 ? high / 4 : (low + high) / 2
    if (misses(between)) low = between
    else high = between
  }
  return low > most * 1e-9
    ? missed(
        low,
        `the ball of radius ${low.toPrecision(6)} misses the escape set; no larger ball could be proven to miss it`,
      )
    : unknown('no ball around the minimum could be proven to miss the escape set')
}

/** [1, 1]: the condition holds in the whole box. [0, 0]: the condition holds nowhere in the box. [0, 1]: undecided. */
type Condition = (box: Box) => Interval

/**
 * Returns the condition that at least one of `whens` holds; null if the conditions are too large. `sides` contains the
 * coordinates in `among` on which the condition depends. A box has one interval for each of `sides`.
 */
export function conditionOf(
  { landscape, trial, start }: Cell,
  derivatives: Derivatives | null,
  whens: readonly string[],
  among: readonly number[] = Array.from({ length: landscape.dimension }, (_, i) => i),
): { readonly condition: Condition; readonly sides: readonly number[]; readonly operations: number } | null {
  const { dimension, variables, parameters } = landscape
  const constants = new Map(parameters.map(([name, value]) => [name, build.number(value)]))
  const read = (text: string) => simplify(expand(substitute(parse(text), constants)))
  // After expansion, the condition may be larger than an expression is allowed to be.
  const any = nullIf(FormulaError, () => whens.map(read).reduce((a, b) => build.logic('||', a, b)))
  if (any === null) return null
  const bounded: readonly string[] = ['loss', 'gradnorm', 'distance', 'step']
  const words = [...bounded, ...[...freeNames(any).names].filter((n) => quantityOf(n) !== null && !bounded.includes(n))]
  const names = new Map((variables ?? []).map((name, i) => [name, i] as const))
  words.forEach((word, i) => {
    names.set(word, dimension + i)
  })
  const of: Program = program([any], { names, first: variables === null ? 0 : null })
  const named = namesOf(any)
  const from = start.kind === 'point' && trial.warmup === 0 ? start.point : null
  // If the condition depends on few coordinates, the ball is projected onto these. The projection is also a ball, and
  // its boxes have fewer sides to cut.
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
    const others = words.slice(bounded.length).map(() => everything)
    return of([...full, loss, gradnorm, distance, [1, trial.steps], ...others]).values[0]!
  }
  const lookedUp = ['loss', 'gradnorm'].some((word) => named.has(word)) ? (derivatives?.operations ?? 0) : 0
  // For each box, the condition is evaluated twice: over the box and at its middle point.
  return { condition, sides, operations: 2 * (of.operations + lookedUp) }
}

export function lengthOf(vector: readonly Interval[]): Interval {
  const square = vector.reduce((sum, side) => add(sum, power(side, 2)), [0, 0] as Interval)
  return increasing(Math.sqrt, [Math.max(0, square[0]), Math.max(0, square[1])], [0, everything[1]])
}

/** Whether at most `most` boxes prove that no point of the ball meets the condition. */
function isMissed(condition: Condition, ball: Ball, most: number): boolean {
  const open: Box[] = [boxAround(ball)]
  for (let used = 0; used < most; used++) {
    const box = open.pop()
    if (box === undefined) return true
    if (distances(box, ball.center).nearest > ball.radius) continue
    const [least, most] = condition(box)
    if (most === 0) continue
    const inside = projectInto(middle(box), ball)
    // If the condition uses none of the coordinates `among`, the box has no side to cut.
    if (least === 1 || condition(inside.map(point))[0] === 1 || box.length === 0) return false
    open.push(...halves(box))
  }
  return false
}

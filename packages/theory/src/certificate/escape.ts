import { type Expression, parse, print } from '@driftfarm/formula'
import type { Cell } from '@driftfarm/spec'
import { conditionOf, lengthOf } from '../ball/escapeSet.ts'
import { type Box, distances } from '../interval/box.ts'
import type { Derivatives } from '../interval/derivatives.ts'
import type { Interval } from '../interval/interval.ts'
import { refuse } from '../refusal.ts'

/** What is proven about all points of a box: [1, 1] means yes, [0, 0] no, [0, 1] undecided. */
export interface Verdict {
  readonly exit: Interval
  /** Whether convergence ends a trial that is in the box and has not escaped. */
  readonly ended: Interval
}

export type EventsOver = (box: Box) => Verdict

const never: Interval = [0, 0]

export function eventsOver(cell: Cell, derivatives: Derivatives): EventsOver {
  const exit = exitOver(cell, derivatives)
  const ended = endedOver(cell, derivatives)
  return (box) => ({ exit: exit(box), ended: ended(box) })
}

export interface PartOfEscape {
  /** The coordinates (from 0) on which the part depends, in ascending order. */
  readonly sides: readonly number[]
  /** Takes boxes that have only these coordinates. */
  readonly exit: Over
}

/**
 * Splits the conditions of an escape at `||`. The probability of escape is at most the sum of the probabilities of the
 * parts.
 */
export function partsOfEscape(cell: Cell, derivatives: Derivatives): readonly PartOfEscape[] | null {
  const { escape } = cell.trial
  if (escape?.kind !== 'exits') return null
  const parts: PartOfEscape[] = []
  for (const when of escape.exits.flatMap(([, text]) => alternatives(parse(text)).map(print))) {
    const found = conditionOf(cell, derivatives, [when])
    if (found === null) return null
    parts.push({ sides: found.sides, exit: found.condition })
  }
  return parts
}

function alternatives(e: Expression): readonly Expression[] {
  return e.kind === 'logic' && e.operator === '||' ? [...alternatives(e.left), ...alternatives(e.right)] : [e]
}

type Over = (box: Box) => Interval

function exitOver(cell: Cell, derivatives: Derivatives): Over {
  const { escape } = cell.trial
  if (escape === null) refuse('the cell has no escape event')
  if (escape.kind === 'basin')
    refuse('escape is decided by a descent, and interval arithmetic does not support descents')
  if (escape.kind === 'outside') {
    const { of, radius } = escape
    return (box) => {
      const { nearest, farthest } = distances(box, of)
      return [nearest >= radius ? 1 : 0, farthest < radius ? 0 : 1]
    }
  }
  const whens = escape.exits.map(([, when]) => when)
  return (
    conditionOver(cell, derivatives, whens) ??
    refuse('the escape condition is too long for interval arithmetic once its sums are written out')
  )
}

function conditionOver(cell: Cell, derivatives: Derivatives, whens: readonly string[]): Over | null {
  const found = conditionOf(cell, derivatives, whens)
  if (found === null) return null
  const { condition, sides } = found
  return (box) => condition(sides.map((i) => box[i]!))
}

/** If convergence depends on more than the current point, all trials count as continuing. */
function endedOver(cell: Cell, derivatives: Derivatives): Over {
  const { converge, afterConverge } = cell.trial
  const nowhere = () => never
  if (converge === null || afterConverge !== 'stop' || converge.hold > 1) return nowhere
  if (converge.kind === 'when') return conditionOver(cell, derivatives, [converge.when]) ?? nowhere
  if (converge.kind === 'gradient')
    return (box) => {
      const [least, most] = lengthOf(derivatives.gradient(box))
      return [most <= converge.tolerance ? 1 : 0, least > converge.tolerance ? 0 : 1]
    }
  return (box) => {
    const all = converge.of.map(([, point]) => distances(box, point))
    const isIn = all.some(({ farthest }) => farthest <= converge.radius)
    return [isIn ? 1 : 0, all.every(({ nearest }) => nearest > converge.radius) ? 0 : 1]
  }
}

/** A stretch on which trials continue, and the value in the gap before the stretch. The value after the last is 1. */
export interface Stretch {
  readonly range: Interval
  readonly before: 0 | 1
}

type Part = 'open' | 'exit' | 'ended'

const maxParts = 20_000

/**
 * Returns the stretches within `range` on which trials continue, in ascending order, or null if too many parts are
 * undecided. Trials count as escaped outside the range, and wherever escape is not ruled out. Where escape is ruled
 * out, trials count as ended only if they have provably ended; otherwise they count as continuing. Undecided parts are
 * halved until they are at most `finest` long.
 */
export function stretchesOf(events: EventsOver, range: Interval, finest: number): readonly Stretch[] | null {
  const parts: { readonly range: Interval; readonly part: Part }[] = []
  const open: Interval[] = [range]
  for (let looked = 0; open.length > 0; looked++) {
    if (looked > maxParts) return null
    const [low, high] = open.pop()!
    const { exit, ended } = events([[low, high]])
    const isUnsure = exit[0] !== exit[1] || (exit[1] === 0 && ended[0] !== ended[1])
    const middle = low + (high - low) / 2
    if (isUnsure && high - low > finest && middle > low && middle < high) open.push([middle, high], [low, middle])
    else parts.push({ range: [low, high], part: exit[1] === 1 ? 'exit' : ended[0] === 1 ? 'ended' : 'open' })
  }
  const list: Stretch[] = []
  let gap: 0 | 1 = 1
  let last: Part = 'exit'
  for (const { range: one, part } of parts) {
    if (part === 'open' && last === 'open') {
      const before = list.pop()!
      list.push({ ...before, range: [before.range[0], one[1]] })
    } else if (part === 'open') {
      list.push({ range: one, before: gap })
    } else gap = part === 'exit' || (last !== 'open' && gap === 1) ? 1 : 0
    last = part
  }
  return list
}

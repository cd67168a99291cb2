import { type Expression, parse } from '@driftfarm/formula'
import type { NamedCondition, Trial, Update } from '../cell.ts'
import type { Path } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import type { Timed } from './events.ts'

export function checkWithinHorizon({ steps, escape, converge, marks, classify }: Trial): void {
  const within = (value: number, path: Path, every = 1) => checkWithin(value, steps, path, every)
  const timed = ([, ...condition]: NamedCondition, path: Path) => checkTimed(condition, steps, path)
  collectParts({
    escape: () => {
      if (escape?.kind === 'basin') within(escape.every, ['trial', 'escape', 'every'])
      if (escape?.kind !== 'exits') return
      collectEach(escape.exits, (exit) => timed(exit, ['trial', 'escape', ...(exit[0] === '' ? [] : [exit[0]])]))
    },
    converge: () => {
      if (converge === null) return
      const every = converge.kind === 'when' ? (converge.every ?? 1) : 1
      within(every, ['trial', 'converge', 'every'])
      within(converge.hold, ['trial', 'converge', 'hold'], every)
      if (converge.kind === 'when' && every === 1) checkPossible(converge.when, steps, ['trial', 'converge', 'when'])
    },
    marks: () => collectEach(marks, (mark) => timed(mark, ['trial', 'marks', mark[0]])),
    classify: () => collectEach(classify, ([name, , every = 1]) => within(every, ['trial', 'classify', name, 'every'])),
  })
}

/** A condition must be evaluated within the horizon, and its comparisons with `step` must not exclude every step. */
export function checkTimed([when, every]: Timed, steps: number, path: Path): void {
  if (every === undefined) checkPossible(when, steps, path)
  else checkWithin(every, steps, [...path, 'every'])
}

function checkWithin(value: number, steps: number, path: Path, every = 1): void {
  const expected = `from 1 to ${Math.floor(steps / every)}`
  if (value * every > steps) throw new Mistake('HORIZON', path, { value, limit: `${steps}`, expected })
}

function checkPossible(when: string, steps: number, path: Path): void {
  // Conditions without `step` are skipped, since parsing a condition again takes longer than everything else here.
  if (!/\bstep\b/.test(when) || !isNever(parse(when), steps)) return
  throw new Mistake('NEVER', path, { value: when, limit: `${steps}` })
}

/** `isList`: whether the drifts are written as a list. */
export function checkDriftActs({ drift }: Update, { steps }: Trial, isList: () => boolean): void {
  collectEach(drift, ({ every }, i) => {
    if (every <= steps) return
    const path = ['update', 'drift', ...(isList() ? [i] : []), 'every']
    throw new Mistake('HORIZON', path, { value: every, limit: `${steps}`, expected: `from 1 to ${steps}` })
  })
}

const mirrored = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==', '!=': '!=' } as const

/** Whether a comparison `step OPERATOR bound` is false at every step from 1 to the horizon. */
const never: Readonly<Record<keyof typeof mirrored, (bound: number, horizon: number) => boolean>> = {
  '>': (bound, horizon) => bound >= horizon,
  '>=': (bound, horizon) => bound > horizon,
  '<': (bound) => bound <= 1,
  '<=': (bound) => bound < 1,
  '==': (bound, horizon) => bound < 1 || bound > horizon,
  '!=': () => false,
}

/** Whether comparisons with `step` alone make the condition `e` false at every step from 1 to the horizon. */
function isNever(e: Expression, horizon: number): boolean {
  if (e.kind === 'logic') {
    const [left, right] = [isNever(e.left, horizon), isNever(e.right, horizon)]
    return e.operator === '&&' ? left || right : left && right
  }
  if (e.kind !== 'compare') return false
  const { operator, left, right } = e
  if (isStep(left) && right.kind === 'number') return never[operator](right.value, horizon)
  return isStep(right) && left.kind === 'number' && never[mirrored[operator]](left.value, horizon)
}

const isStep = (e: Expression): boolean => e.kind === 'name' && e.name === 'step'

import { type Cell, type Demand, type NamedCondition, type QuantityName, trainingCell } from '@driftfarm/spec'
import { allOf, conditionsIn } from './conditions.ts'
import { stepCost } from './cost.ts'
import { quantityEfforts } from './quantities.ts'

/** A condition or a series of observed values that takes more than ten times as long as a step. */
export interface DearCondition {
  /** Its place in the spec, such as `trial.marks.good` or `observe.curve`. */
  readonly path: string
  /** The quantities that take this long. */
  readonly quantities: readonly QuantityName[]
  /** Upper bound, in steps: the time of its evaluations, divided by the time of the steps between them. */
  readonly factor: number
  /** Its present `every`. */
  readonly every: number
  /** The largest number of steps of the trial or of the training run. */
  readonly steps: number
}

const dear = 10

/**
 * Returns the conditions and series of a cell that need a larger `every`. A class without `every` is evaluated once a
 * trial.
 */
export function dearConditions(cell: Cell, observe: Demand['observe'] = []): readonly DearCondition[] {
  const bare = { ...cell.trial, escape: null, converge: null, marks: [], classify: [] }
  const timeWith = (marks: readonly NamedCondition[]) => stepCost({ ...cell, trial: { ...bare, marks } }).kernel
  const step = timeWith([])
  const run = trainingCell(cell)
  const ofTraining = run === null ? [] : dearConditions(run).map((each) => ({ ...each, path: 'start.train.until' }))
  const observed =
    cell.method.kind !== 'direct'
      ? []
      : observe.flatMap(({ name, value, every }) =>
          every === undefined ? [] : [[`observe.${name}`, [name, value, every]] as const],
        )
  const own = [...conditionsOf(cell.trial), ...observed].flatMap(([path, condition]) => {
    const [, when, every = 1] = condition
    const factor = timeWith([condition]) / step - 1
    if (!(factor > dear)) return []
    const names = Object.keys(quantityEfforts) as QuantityName[]
    const quantities = names.filter((name) => new RegExp(`\\b${name}\\b`).test(when))
    return [{ path, quantities, factor, every, steps: cell.trial.steps }]
  })
  return [...own, ...ofTraining]
}

const keys = { exit: 'escape', mark: 'marks', converge: 'converge', class: 'classify' } as const

function conditionsOf(trial: Cell['trial']) {
  return allOf(conditionsIn(trial)).flatMap(({ kind, name, text, timed }) => {
    if (kind === 'class' && timed === null) return []
    const path = `trial.${keys[kind]}${name === '' ? '' : `.${name}`}`
    return [[path, [name, text, timed?.every ?? 1]] as const]
  })
}

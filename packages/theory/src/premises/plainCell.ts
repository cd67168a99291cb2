import { build, freeNames, parseNumber, print, substitute } from '@driftfarm/formula'
import {
  type Cell,
  type Drift,
  type NamedCondition,
  type Rule,
  trainingNoise,
  withLandscape,
  withoutTrainingNoise,
} from '@driftfarm/spec'

/**
 * Returns the cell with the method `direct` and with random numbers that depend only on the seed. If the cell has a
 * quench, the quench stays, but ends at once. Only inputs of the compiled module change, so the module need not be
 * recompiled.
 */
export function plainCell(cell: Cell): Cell {
  const { quench } = cell.trial
  const plain: Cell = { ...cell, method: { kind: 'direct' }, streams: 'common' }
  return quench === null ? plain : withTrial(plain, { quench: { ...quench, ...immediateDescent } })
}

export const immediateDescent = { gradient: Number.MAX_VALUE, steps: 1 } as const

/**
 * Drops the events that require a descent. The premise `basin` examines these events, and the descents would take
 * longer than the rest of the trial.
 */
export function withoutDescents(cell: Cell): Cell {
  const classify = cell.trial.classify.filter(([, when]) => !/\bquenchloss\b/.test(when))
  return withTrial(plainCell(withoutBasin(cell)), { classify, quench: null })
}

export function withoutBasin(cell: Cell): Cell {
  return cell.trial.escape?.kind === 'basin' ? withTrial(cell, { escape: null }) : cell
}

/** Evaluates all conditions at each step. */
export function withoutEvery(cell: Cell): Cell {
  const { escape, converge, marks, classify } = cell.trial
  const each = (conditions: readonly NamedCondition[]) => conditions.map(([name, when]) => [name, when] as const)
  return withTrial(cell, {
    escape: escape?.kind === 'exits' ? { ...escape, exits: each(escape.exits) } : escape,
    converge: converge?.kind === 'when' ? { kind: 'when', when: converge.when, hold: converge.hold } : converge,
    marks: each(marks),
    classify: each(classify),
  })
}

export function withTrial(cell: Cell, changes: Partial<Cell['trial']>): Cell {
  return { ...cell, trial: { ...cell.trial, ...changes } }
}

export function withSteps(cell: Cell, steps: number): Cell {
  return withTrial(cell, { steps })
}

export function withDrift(cell: Cell, drift: readonly Drift[]): Cell {
  return { ...cell, update: { ...cell.update, drift } }
}

/**
 * Returns the cell, but without noise from step `step` on. A constant scale becomes a schedule. The numbers of a
 * schedule are inputs of the compiled module, so one module serves every value of `step`.
 */
export function withoutDriftFrom(cell: Cell, step: number): Cell {
  const drift = cell.update.drift.map((entry): Drift => {
    const { amount, when } = entry
    if (amount.kind !== 'constant')
      return { ...entry, when: when === null ? `step < ${step}` : `(${when}) && step < ${step}` }
    const points = [
      [0, amount.value],
      [step, 0],
    ] as const
    return { ...entry, amount: { kind: 'piecewise', points } }
  })
  return withDrift(cell, drift)
}

/** The update of a trial that stays where it starts. */
export const standing: Cell['update'] = {
  rule: { kind: 'custom', state: [], theta: 'theta' },
  eta: { kind: 'constant', value: 1 },
  drift: [],
}

export function noiseFreeCell(cell: Cell): Cell {
  const { landscape, update } = cell
  return {
    ...withLandscape(cell, withoutTrainingNoise(landscape)),
    update: { ...update, rule: withoutXi(update.rule), drift: [] },
    method: { kind: 'direct' },
    streams: 'independent',
  }
}

export function isRandom({ landscape, update }: Cell): boolean {
  return update.drift.length > 0 || trainingNoise(landscape).length > 0 || withoutXi(update.rule) !== update.rule
}

/**
 * Replaces xi, the standard normal number that a custom rule may draw, by its mean 0. If the rule does not
 * use xi, returns the same object, because `isRandom` compares the two objects.
 */
function withoutXi(rule: Rule): Rule {
  if (rule.kind !== 'custom') return rule
  const texts = [rule.theta, ...rule.state.map(({ next }) => next)]
  if (!texts.some((text) => freeNames(parseNumber(text, { rule: true })).names.has('xi'))) return rule
  const still = (text: string) =>
    print(substitute(parseNumber(text, { rule: true }), new Map([['xi', build.number(0)]])))
  return {
    ...rule,
    state: rule.state.map((state) => ({ ...state, next: still(state.next) })),
    theta: still(rule.theta),
  }
}

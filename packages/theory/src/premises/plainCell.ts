import { build, freeNames, parseNumber, print, substitute } from '@driftfarm/formula'
import { exitFunction } from '@driftfarm/kernel'
import type { Cell, DataTable, Drift, Landscape, Rule } from '@driftfarm/spec'

/**
 * Returns the cell with the method `direct` and with random numbers that depend only on the seed. If the cell has a
 * quench, the quench stays, but ends at once. Only inputs of the compiled module change, so the module need not be
 * recompiled.
 */
export function plainCell(cell: Cell): Cell {
  const { quench } = cell.trial
  return {
    ...cell,
    method: { kind: 'direct' },
    streams: 'common',
    trial: { ...cell.trial, quench: quench === null ? null : { ...quench, ...immediateDescent } },
  }
}

export const immediateDescent = { gradient: Number.MAX_VALUE, steps: 1 } as const

/**
 * Drops the events that require a descent. The premise `basin` examines these events, and the descents would take
 * longer than the rest of the trial.
 */
export function withoutDescents(cell: Cell): Cell {
  const { escape, classify } = cell.trial
  return {
    ...cell,
    method: { kind: 'direct' },
    streams: 'common',
    trial: {
      ...cell.trial,
      escape: escape?.kind === 'basin' ? null : escape,
      classify: classify.filter(([, when]) => !/\bquenchloss\b/.test(when)),
      quench: null,
    },
  }
}

/**
 * Drops the drift, mini-batches and all events except escape and convergence. The host tests these two events at given
 * points.
 */
export function eventsCell(cell: Cell): Cell {
  return { ...noiseFreeCell(cell), trial: { ...cell.trial, marks: [], classify: [], quench: null } }
}

/** Tests whether a theta has escaped. Conditions measure the distance from `start`. */
export function escapeTest(cell: Cell, data: DataTable | null, start: Float64Array): (theta: Float64Array) => boolean {
  const { trial, ...rest } = eventsCell(cell)
  const events = exitFunction({ ...rest, trial: { ...trial, converge: null } }, data, start)
  return (theta) => events.at(theta).exit !== null
}

export function withSteps(cell: Cell, steps: number): Cell {
  return { ...cell, trial: { ...cell.trial, steps } }
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
    ...cell,
    landscape: fullBatch(landscape),
    update: { ...update, rule: withoutXi(update.rule), drift: [] },
    method: { kind: 'direct' },
    streams: 'independent',
  }
}

export function isRandom({ landscape, update }: Cell): boolean {
  return update.drift.length > 0 || fullBatch(landscape) !== landscape || withoutXi(update.rule) !== update.rule
}

export function fullBatch(landscape: Landscape): Landscape {
  return landscape.kind === 'population' || landscape.batch === null ? landscape : { ...landscape, batch: null }
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

/**
 * Returns the drift entry, but without noise from step `step` on. A constant scale becomes a schedule. The numbers of a
 * schedule are inputs of the compiled module, so one module serves every value of `step`.
 */
export function endingBefore(entry: Drift, step: number): Drift {
  const { amount, when } = entry
  if (amount.kind !== 'constant')
    return { ...entry, when: when === null ? `step < ${step}` : `(${when}) && step < ${step}` }
  const points = [
    [0, amount.value],
    [step, 0],
  ] as const
  return { ...entry, amount: { kind: 'piecewise', points } }
}

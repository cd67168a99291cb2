import type { Cell, Drift, DriftForm, Landscape, Rule, Schedule, Start, Trial } from '@driftfarm/spec'

/**
 * The text that determines the module of a cell. If the module reads numbers as data, the text contains only their
 * count and kind. All other values are in the text. Cells with equal texts have the same source, memory layout and
 * number of steps per slice.
 */
export function structureOf({ kernel, landscape, start, update, trial, method }: Cell): string {
  return JSON.stringify([
    kernel,
    landscapeOf(landscape),
    startOf(start),
    ruleOf(update.rule),
    scheduleOf(update.eta),
    update.drift.map(driftOf),
    trialOf(trial),
    method.kind === 'tilt' ? [method.kind, method.shifts] : method,
  ])
}

function landscapeOf(landscape: Landscape): unknown {
  const parameters = landscape.parameters.map(([name]) => name)
  if (landscape.kind === 'network') return { ...landscape, parameters, decay: null }
  if (landscape.kind === 'population') return landscape
  const { dimension, variables, expression, data, batch } = landscape
  return [dimension, variables, expression, parameters, data, batch]
}

function startOf(start: Start): unknown {
  switch (start.kind) {
    case 'point':
      return start.point.length
    case 'uniform':
      return [start.kind, lengthOf(start.low), lengthOf(start.high)]
    case 'gaussian':
      return [start.kind, lengthOf(start.mean), lengthOf(start.sigma)]
    case 'init':
      return start
    case 'descend':
      return [start.kind, startOf(start.from)]
  }
}

function lengthOf(values: number | readonly number[]): number | null {
  return typeof values === 'number' ? null : values.length
}

function ruleOf(rule: Rule): unknown {
  if (rule.kind !== 'custom') return rule.kind
  return [rule.theta, rule.state.map(({ name, next }) => [name, next])]
}

function scheduleOf(schedule: Schedule): unknown {
  switch (schedule.kind) {
    case 'piecewise':
      return schedule.points.length
    case 'expression':
      return [schedule.expression]
    default:
      return schedule.kind
  }
}

function driftOf(entry: Drift): unknown {
  return [formOf(entry), 'law' in entry ? entry.law.kind : null, scheduleOf(entry.amount), entry.when, entry.every]
}

function formOf(entry: DriftForm): unknown {
  switch (entry.form) {
    case 'additive':
      return [entry.form, entry.isotropic, entry.scale]
    case 'multiplicative':
    case 'loss-scaled':
      return [entry.form, entry.isotropic]
    case 'anisotropic':
      return [entry.form, entry.isotropic, shapeOf(entry.shape)]
    case 'rate':
    case 'rotation':
    case 'flip':
      return entry.form
  }
}

function shapeOf(shape: Extract<DriftForm, { form: 'anisotropic' }>['shape']): unknown {
  switch (shape.kind) {
    case 'matrix':
      return [shape.kind, shape.rows.map((row) => row.length)]
    case 'diagonal':
      return [shape.kind, shape.values.length]
    case 'hessian':
    case 'covariance':
      return [shape.kind, shape.at, shape.trace === null]
  }
}

function trialOf(trial: Trial): unknown {
  const { warmup, escape, converge, afterEscape, afterConverge, marks, classify, minima, quench } = trial
  return [
    warmup > 0,
    escapeOf(escape),
    convergeOf(converge),
    afterEscape,
    afterConverge,
    marks,
    classify,
    minima.map(pointOf),
    quench === null,
  ]
}

function escapeOf(escape: Trial['escape']): unknown {
  switch (escape?.kind) {
    case 'exits':
      return [escape.exits]
    case 'outside':
      return escape.of.length
    default:
      return escape?.kind ?? null
  }
}

function convergeOf(converge: Trial['converge']): unknown {
  switch (converge?.kind) {
    case 'within':
      return converge.of.map(pointOf)
    case 'when':
      return converge.when
    default:
      return converge === null ? null : [converge.kind]
  }
}

function pointOf([name, point]: readonly [string, readonly number[]]): unknown {
  return [name, point.length]
}

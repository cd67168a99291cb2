import {
  type Cell,
  type Converge,
  changeOfSteps,
  type Drift,
  type Escape,
  type Landscape,
  type NamedCondition,
  type Rule,
  trainingNoise,
} from '@driftfarm/spec'
import { driftLaw } from '../drift.ts'

/**
 * Returns the cell with its time step dt multiplied by `factor`, which is below 1. The noise and the numbers of steps
 * are scaled so that both cells follow one stochastic differential equation at the same temperature. Without momentum,
 * eta is proportional to dt. With momentum, 1 - beta is proportional to dt, and eta to dt^2. Returns null if there is
 * no such equation: with schedules, updates that change the steps of their rule, rules that divide by the size of
 * gradients, distributions without an exponent (`sumExponent`), or conditions on the step number.
 */
export function withSmallerSteps(cell: Cell, factor: number): Cell | null {
  const { update, landscape, trial } = cell
  const rule = scaledRule(update.rule, factor)
  if (rule === null || update.eta.kind !== 'constant' || update.warmup !== undefined) return null
  if (changeOfSteps(update) !== null) return null
  const inertial = rule !== update.rule
  const drift = update.drift.map((entry) => scaledDrift(entry, factor, inertial))
  if (!drift.every((entry) => entry !== null)) return null
  const batched = scaledBatch(landscape, factor)
  const times = scaledTimes(trial, factor)
  if (batched === null || times === null) return null
  const eta = update.eta.value * (inertial ? factor * factor : factor)
  return {
    ...cell,
    landscape: batched,
    update: { rule, eta: { kind: 'constant', value: eta }, drift },
    trial: times,
  }
}

function scaledRule(rule: Rule, factor: number): Rule | null {
  switch (rule.kind) {
    case 'gradient':
      return rule
    case 'momentum':
    case 'nesterov':
      return rule.beta === 0 ? rule : { ...rule, beta: 1 - (1 - rule.beta) * factor }
    default:
      return null
  }
}

function scaledDrift(entry: Drift, factor: number, inertial: boolean): Drift | null {
  const { amount, when, every } = entry
  if (amount.kind !== 'constant' || when !== null || every !== 1) return null
  if (entry.form === 'flip' || entry.form === 'rotation') return null
  const exponent = driftLaw(entry.law).sumExponent
  if (exponent === null || (inertial && exponent !== 2)) return null
  const scaled = (power: number): Drift => ({
    ...entry,
    amount: { kind: 'constant', value: amount.value * factor ** power },
  })
  if (entry.form !== 'additive' || entry.scale === 'sigma') return scaled(1 / exponent - 1)
  if (entry.scale === 'step') return scaled(1 / exponent)
  return inertial ? scaled(-1) : scaled(2 / exponent - 1)
}

/**
 * Batch noise scales like a drift whose variance is inversely proportional to the batch size. Dropout and label noise
 * have no such parameter.
 */
function scaledBatch(landscape: Landscape, factor: number): Landscape | null {
  const [noise, ...others] = trainingNoise(landscape)
  if (noise === undefined) return landscape
  if (landscape.kind === 'population' || landscape.batch === null || others.length > 0) return null
  const size = landscape.batch.size * factor
  return Number.isInteger(size) ? { ...landscape, batch: { ...landscape.batch, size } } : null
}

function scaledEscape(escape: Escape, longer: (steps: number) => number): Escape {
  if (escape.kind === 'basin') return { ...escape, every: longer(escape.every) }
  if (escape.kind === 'outside') return escape
  const exits = escape.exits.map((exit): NamedCondition => {
    const [name, when, every] = exit
    return every === undefined ? exit : [name, when, longer(every)]
  })
  return { ...escape, exits }
}

/** With `every`, `hold` counts evaluations. */
function scaledConverge(converge: Converge, longer: (steps: number) => number): Converge {
  if (converge.kind !== 'when' || converge.every === undefined) return { ...converge, hold: longer(converge.hold) }
  return { ...converge, every: longer(converge.every) }
}

function scaledTimes(trial: Cell['trial'], factor: number): Cell['trial'] | null {
  const { escape, converge } = trial
  const conditions = [
    ...(escape?.kind === 'exits' ? escape.exits.map(([, when]) => when) : []),
    ...(converge?.kind === 'when' ? [converge.when] : []),
  ]
  if (conditions.some((when) => /\bstep\b/.test(when))) return null
  const longer = (steps: number) => Math.round(steps / factor)
  return {
    ...trial,
    warmup: longer(trial.warmup),
    steps: longer(trial.steps),
    escape: escape === null ? null : scaledEscape(escape, longer),
    converge: converge === null ? null : scaledConverge(converge, longer),
  }
}

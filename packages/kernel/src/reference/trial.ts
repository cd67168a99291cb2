import { type Model, referencePoint } from '../model.ts'
import type { End, Outcome } from '../outcome.ts'
import { type StreamKey, trialStream } from '../streams.ts'
import { ScalarLandscape } from './landscape.ts'
import { updater } from './update.ts'

/** What a trial shows while it runs. */
export type Visit = (n: number, landscape: ScalarLandscape) => void

export type RunTrial = (trial: number, visit?: Visit) => Outcome

/** Runs trials of a cell, each from its index alone; what does not change between trials is made once. */
export function trialRunner(model: Model, key: StreamKey, data: Float64Array | null): RunTrial {
  const landscape = new ScalarLandscape(model, new Float64Array(model.dimension), data)
  const update = updater(model, landscape)
  return (trial, visit = () => {}) => {
    landscape.theta.set(referencePoint(model))
    landscape.step = 0
    const velocity = new Float64Array(model.dimension)
    landscape.beginBatches(trialStream(key, trial, 'data'))
    const stream = trialStream(key, trial, 'drift')
    return runTrial(model, landscape, (n) => update(n, velocity, stream), visit)
  }
}

/**
 * One trial. Each theta_n, n = 1 .. N, is looked at in this order: a coordinate that is not finite ends the trial as
 * diverged before anything is noted; marks; escape; a coordinate beyond the divergence limit; convergence; the horizon.
 */
function runTrial(model: Model, landscape: ScalarLandscape, move: (n: number) => void, visit: Visit): Outcome {
  const { cell } = model
  const { trial: rules } = cell
  const { theta } = landscape
  const marks: Record<string, number | null> = Object.fromEntries(rules.marks.map(([name]) => [name, null]))
  let escapedAt: number | null = null
  let exit: string | null = null
  let convergedAt: number | null = null
  let convergedIn: string | null = null
  let held = 0
  let end: End | null = null
  let n = 0
  visit(0, landscape)
  while (end === null) {
    move(n)
    n++
    landscape.step = n
    visit(n, landscape)
    if (!theta.every(Number.isFinite)) {
      end = 'diverged'
      break
    }
    rules.marks.forEach(([name], index) => {
      if (marks[name] === null && landscape.holds(model.marks[index]!)) marks[name] = n
    })
    if (escapedAt === null) {
      exit = exitOf(model, landscape)
      if (exit !== null) {
        escapedAt = n
        if (rules.afterEscape === 'stop') end = 'escaped'
      }
    }
    if (end === null && theta.some((x) => Math.abs(x) > rules.divergence)) end = 'diverged'
    if (end !== null) break
    held = convergeHolds(model, landscape) ? held + 1 : 0
    if (convergedAt === null && rules.converge !== null && held === rules.converge.hold) {
      convergedAt = n
      convergedIn = centreOf(model, landscape)
      if (rules.afterConverge === 'stop') end = 'converged'
    }
    if (end === null && n >= rules.steps) {
      end = convergedAt !== null ? 'converged' : escapedAt !== null ? 'escaped' : 'undecided'
    }
  }
  const settled = end === 'converged' ? settledIn(model, landscape, convergedIn) : null
  const kind = rules.classify.findIndex((_, index) => landscape.holds(model.classes[index]!))
  return {
    end,
    exit,
    settled,
    class: rules.classify.length === 0 ? null : (rules.classify[kind]?.[0] ?? 'other'),
    escapedAt,
    convergedAt,
    steps: n,
    loss: landscape.loss(),
    distance: Math.sqrt(landscape.squareTo(referencePoint(model))),
    marks,
  }
}

function exitOf({ cell, exits }: Model, landscape: ScalarLandscape): string | null {
  const event = cell.trial.escape
  if (event === null || event.kind === 'basin') return null
  if (event.kind === 'outside') return landscape.squareTo(event.of) >= event.radius * event.radius ? '' : null
  const taken = exits.findIndex((when) => landscape.holds(when))
  return event.exits[taken]?.[0] ?? null
}

function convergeHolds(model: Model, landscape: ScalarLandscape): boolean {
  const { converge } = model.cell.trial
  switch (converge?.kind) {
    case 'within':
      return converge.of.some(([, point]) => landscape.squareTo(point) <= converge.radius * converge.radius)
    case 'gradient':
      return landscape.gradientSquared() <= converge.tolerance * converge.tolerance
    case 'when':
      return landscape.holds(model.convergeWhen!)
    default:
      return false
  }
}

/** Name of the ball that theta converged into, or null. */
function centreOf({ cell }: Model, landscape: ScalarLandscape): string | null {
  const { converge } = cell.trial
  if (converge?.kind !== 'within') return null
  const within = converge.of.find(([, point]) => landscape.squareTo(point) <= converge.radius * converge.radius)
  return within?.[0] ?? null
}

function settledIn({ cell }: Model, landscape: ScalarLandscape, ball: string | null): string {
  const { minima, settledRadius } = cell.trial
  if (ball !== null && ball !== '' && minima.some(([name]) => name === ball)) return ball
  const near = minima.find(([, point]) => landscape.squareTo(point) <= settledRadius * settledRadius)
  return near?.[0] ?? 'other'
}

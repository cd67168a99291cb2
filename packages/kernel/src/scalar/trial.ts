import { settlesByGradient, type Tables } from '@driftfarm/spec'
import type { Condition } from '../model/formula.ts'
import type { Model } from '../model/model.ts'
import type { End } from '../outcome/outcome.ts'
import type { Outcome } from '../outcome/record.ts'
import { type Particle, type StreamSwitch, streamSwitchesOf } from '../splitting/particle.ts'
import { type StreamKey, streamOf, trialStream } from '../streams/streams.ts'
import type { Xoshiro } from '../streams/xoshiro.ts'
import { isOneBasin } from './basin.ts'
import { ScalarLandscape } from './landscape.ts'
import { squaredDistance } from './lossFunction.ts'
import { descend, type StartOf, starter } from './start.ts'
import { stepStreams } from './stepSamples.ts'
import { endAligner } from './symmetry.ts'
import { Tilt } from './tilt.ts'
import { updater } from './update.ts'

/** Called during a trial at each theta_n, after the events at n are known. */
export type OnStep = (n: number, landscape: ScalarLandscape, events: readonly string[]) => void

export interface EndedTrial {
  readonly outcome: Outcome
  /** The last theta, or the end point of the quench. */
  readonly theta: Float64Array
  /** `weight` and `ratio` of the class `Tilt` at the end of the trial; absent without a tilt. */
  readonly tilted?: { readonly weight: number; readonly logRatio: number }
}

export interface Branching {
  /** The highest score of the trajectory, including the score at theta_0. */
  readonly peak: number
  /** The step after which the particle left its parent's trajectory; null if the particle ended without leaving it. */
  readonly branchedAt: number | null
}

export function trialRunner(model: Model, key: StreamKey, tables: Tables, trained: StartOf | null = null) {
  const { warmup } = model.cell.trial
  const landscape = new ScalarLandscape(model, new Float64Array(model.dimension), tables)
  const tilt = new Tilt(model, landscape)
  const update = updater(model, landscape, tilt)
  const start = starter(model, key, landscape.own, trained)
  const run = (begun: Noise, visit: OnStep): EndedTrial => {
    let { stream } = begun
    landscape.theta.set(start(begun.index))
    landscape.reference.set(landscape.theta)
    landscape.step = 0
    landscape.since.clear()
    landscape.quenchLoss = Number.NaN
    landscape.beginBatches(stepStreams((purpose) => trialStream(key, begun.index, purpose)))
    if (tilt.acts) tilt.begin(trialStream(key, begun.index, 'auxiliary'))
    update.begin()
    update.refer()
    for (let step = 0; step < warmup; step++) update.step(0, stream)
    if (warmup > 0) update.refer()
    landscape.reference.set(landscape.theta)
    const change = (low: number, high: number) => {
      stream = streamOf(key, low, high, 'drift')
      landscape.redirectBatches(stepStreams((purpose) => streamOf(key, low, high, purpose)))
    }
    const ended = runTrial(
      model,
      landscape,
      (n) => update.step(n, stream),
      (n, at, events) => {
        begun.change?.(n, events.includes('end'), change)
        visit(n, at, events)
      },
    )
    return tilt.acts ? { ...ended, tilted: { weight: tilt.weight, logRatio: tilt.ratio } } : ended
  }
  const noiseOf = (index: number): Noise => ({ index, stream: trialStream(key, index, 'drift') })
  return {
    trial: (trial: number, visit: OnStep = () => {}) => run(noiseOf(trial), visit),
    particle(replica: number, particle: Particle): EndedTrial & Branching {
      const climber = new ParticleTracker(replica, particle, () => landscape.valueOf(model.score!))
      const ended = run({ ...noiseOf(climber.first), change: climber.after }, () => {})
      return { ...ended, peak: climber.peak, branchedAt: climber.branchedAt }
    },
  }
}

/**
 * Random numbers come from the streams of the trial `index`. After step n, `change` may switch to another trial by
 * calling `to` with the two halves of the other trial's index.
 */
interface Noise {
  readonly index: number
  readonly stream: Xoshiro
  change?(n: number, ended: boolean, to: (low: number, high: number) => void): void
}

/**
 * Runs one trial from theta_0 on. At each theta_n, n = 1 .. N, it checks in this order: coordinates that are not
 * finite, marks, escape, coordinates beyond the divergence limit, convergence, the horizon. A coordinate that is not
 * finite ends the trial as diverged before anything is recorded.
 */
function runTrial(model: Model, landscape: ScalarLandscape, move: (n: number) => void, visit: OnStep): EndedTrial {
  const { cell } = model
  const { trial: rules } = cell
  const { theta } = landscape
  const leaves = rules.escape?.kind === 'basin' ? basinWatch(model, landscape) : null
  const marks: Record<string, number | null> = Object.fromEntries(rules.marks.map(([name]) => [name, null]))
  let escapedAt: number | null = null
  let exit: string | null = null
  let convergedAt: number | null = null
  let convergedIn: string | null = null
  const { converge } = rules
  const convergeEvery = converge?.kind === 'when' ? converge.every : 1
  const heldClasses = rules.classify.map(() => false)
  let held = 0
  let unreached = false

  /** Returns null if the trial continues. */
  const look = (n: number, events: string[]): End | null => {
    rules.classify.forEach(([, , every], index) => {
      if (every !== undefined && isDue(n, every))
        heldClasses[index] = landscape.holds(model.conditions.class[index]!.when)
    })
    if (!theta.every(Number.isFinite)) {
      // If the descent from theta_0 did not reach a minimum, the basin check is undecided even for a theta that is not
      // finite.
      if (escapedAt === null && leaves?.(n) === 'undecided') unreached = true
      return 'diverged'
    }
    rules.marks.forEach(([name, , every], index) => {
      if (marks[name] !== null || !isDue(n, every) || !landscape.holds(model.conditions.mark[index]!.when)) return
      marks[name] = n
      events.push(`mark:${name}`)
    })
    if (escapedAt === null) {
      const place = leaves?.(n)
      if (place === 'undecided') unreached = true
      exit = leaves === null ? exitOf(model, landscape, n) : place === 'outside' ? '' : null
      if (exit !== null) {
        escapedAt = n
        events.push(named('escape', exit))
        if (rules.afterEscape === 'stop') return 'escaped'
      }
    }
    if (theta.some((x) => Math.abs(x) > rules.divergence)) return 'diverged'
    const looks = isDue(n, convergeEvery)
    if (looks) held = convergeHolds(model, landscape) ? held + 1 : 0
    if (looks && convergedAt === null && converge !== null && held === converge.hold) {
      convergedAt = n
      convergedIn = centreOf(model, landscape)
      events.push(named('converge', convergedIn ?? ''))
      if (rules.afterConverge === 'stop') return 'converged'
    }
    if (n < rules.steps) return null
    return convergedAt !== null ? 'converged' : escapedAt !== null ? 'escaped' : 'undecided'
  }

  visit(0, landscape, [])
  let end: End | null = null
  let n = 0
  while (end === null) {
    move(n)
    n++
    landscape.step = n
    const events: string[] = []
    end = look(n, events)
    for (const [name] of rules.marks) if (marks[name] === n) landscape.since.set(name, Float64Array.from(theta))
    if (end === 'diverged') events.push('diverge')
    if (end !== null) events.push('end')
    visit(n, landscape, events)
  }
  const last = Float64Array.from(theta)
  // An undecided check of the basin does not matter if a later check finds the trial outside.
  if (escapedAt !== null) unreached = false
  let settled = end === 'converged' ? settledIn(model, landscape, convergedIn) : null
  if (rules.quench !== null && end !== 'diverged') {
    const arrival = descend(landscape.own, last, rules.quench)
    if (arrival === 'out of steps') unreached = true
    settled = arrival === 'out of steps' ? null : minimumAt(model, landscape, last, rules.quench.gradient)
    if (last.every(Number.isFinite)) landscape.quenchLoss = landscape.own.loss(last)
  }
  const outcome: Outcome = {
    end,
    exit,
    settled,
    class: classOf(model, landscape, heldClasses),
    escapedAt,
    convergedAt,
    steps: n,
    loss: landscape.loss(),
    distance: Math.sqrt(landscape.squareTo(landscape.reference)),
    marks,
    ...(unreached ? { unreached } : {}),
  }
  return { outcome, theta: last.map((x) => x + 0) }
}

function named(event: string, name: string): string {
  return name === '' ? event : `${event}:${name}`
}

/** `undecided`: a descent used all its steps, or the descent from theta_0 did not reach a minimum. */
export type BasinPlace = 'inside' | 'outside' | 'undecided'

/** The returned function checks the basin only if n is a multiple of `every`, and otherwise returns `inside`. */
export function basinWatch({ cell }: Model, landscape: ScalarLandscape): (n: number) => BasinPlace {
  const { escape } = cell.trial
  if (escape?.kind !== 'basin') return () => 'inside'
  const { every, descent } = escape
  const home = Float64Array.from(landscape.reference)
  const hasHome = descend(landscape.own, home, descent) === 'reached'
  const aligned = endAligner(cell)
  return (n) => {
    if (n % every !== 0) return 'inside'
    if (!hasHome) return 'undecided'
    const end = Float64Array.from(landscape.theta)
    const arrival = descend(landscape.own, end, descent)
    if (arrival === 'out of steps') return 'undecided'
    // An end point that is not finite is in no basin.
    if (arrival === 'not finite') return 'outside'
    const [a, b] = aligned(home, end)
    return isOneBasin(landscape.comparable, a, b, descent.gradient) ? 'inside' : 'outside'
  }
}

/** Whether a condition with this `every` is evaluated at step n. */
function isDue(n: number, every = 1): boolean {
  return n % every === 0
}

/** Without `n`, also tests the exits whose `every` would skip the step. */
export function exitOf({ cell, conditions }: Model, landscape: ScalarLandscape, n?: number): string | null {
  const event = cell.trial.escape
  if (event === null || event.kind === 'basin') return null
  if (event.kind === 'outside') return landscape.squareTo(event.of) >= event.radius * event.radius ? '' : null
  const tests = (index: number) => n === undefined || isDue(n, event.exits[index]![2])
  const taken = conditions.exit.findIndex(({ when }, index) => tests(index) && landscape.holds(when))
  return event.exits[taken]?.[0] ?? null
}

export function convergeHolds(model: Model, landscape: ScalarLandscape): boolean {
  const { converge } = model.cell.trial
  switch (converge?.kind) {
    case 'within':
      return converge.of.some(([, point]) => landscape.squareTo(point) <= converge.radius * converge.radius)
    case 'gradient':
      return landscape.gradientSquared() <= converge.tolerance * converge.tolerance
    case 'when':
      return landscape.holds(model.conditions.converge[0]!.when)
    default:
      return false
  }
}

export function centreOf({ cell }: Model, landscape: ScalarLandscape): string | null {
  const { converge } = cell.trial
  if (converge?.kind !== 'within') return null
  const within = converge.of.find(([, point]) => landscape.squareTo(point) <= converge.radius * converge.radius)
  return within?.[0] ?? null
}

/** `held`: for each class with `every`, whether it held when it was last evaluated. If absent, all are evaluated. */
export function classOf(
  { cell, conditions }: Model,
  landscape: ScalarLandscape,
  held?: readonly boolean[],
): string | null {
  const { classify } = cell.trial
  if (classify.length === 0) return null
  const holds = ({ when }: Condition, index: number) =>
    held === undefined || classify[index]![2] === undefined ? landscape.holds(when) : held[index]!
  return classify[conditions.class.findIndex(holds)]?.[0] ?? 'other'
}

function settledIn(model: Model, landscape: ScalarLandscape, ball: string | null): string {
  const { minima, settledRadius, converge } = model.cell.trial
  const { theta } = landscape
  if (ball !== null && ball !== '' && minima.some(([name]) => name === ball)) return ball
  if (converge?.kind === 'gradient' && settlesByGradient(model.cell.trial))
    return minimumAt(model, landscape, theta, converge.tolerance)
  const near = minima.find(([, point]) => squaredDistance(theta, point) <= settledRadius * settledRadius)
  return near?.[0] ?? 'other'
}

/** `theta` is the end point of a descent that stopped at |grad L| <= `tolerance`. */
function minimumAt({ cell }: Model, { comparable }: ScalarLandscape, theta: Float64Array, tolerance: number): string {
  if (!theta.every(Number.isFinite)) return 'other'
  const found = cell.trial.minima.find(([, point]) => isOneBasin(comparable, point, theta, tolerance))
  return found?.[0] ?? 'other'
}

/** Switches the noise streams of a particle. Records its highest score and when it leaves its parent's trajectory. */
class ParticleTracker {
  peak = Number.NEGATIVE_INFINITY
  branchedAt: number | null = null
  private next = 1
  private readonly switches: readonly StreamSwitch[]

  constructor(
    private readonly replica: number,
    private readonly particle: Particle,
    private readonly score: () => number,
  ) {
    this.switches = streamSwitchesOf(particle.lineage)
  }

  /** Index of the trial whose streams the particle uses first. */
  get first(): number {
    return this.replica + 2 ** 32 * this.switches[0]!.stream
  }

  readonly after = (n: number, ended: boolean, change: (low: number, high: number) => void): void => {
    const { replica, switches } = this
    const { level, branchTo } = this.particle
    const score = this.score()
    if (this.peak < score) this.peak = score
    for (; switches[this.next]?.step === n; this.next++) change(replica, switches[this.next]!.stream)
    if (ended || this.branchedAt !== null || !(score > level)) return
    this.branchedAt = n
    change(replica, branchTo)
  }
}

import { emptyStage, type FiniteChain, firstOf, type Stage } from '../chain/finiteChain.ts'
import type { Course } from '../question/course.ts'
import { Refusal, unlessRefused } from '../refusal.ts'
import type { Places } from './places.ts'
import type { Steps } from './steps.ts'

export interface Lattice {
  readonly places: Places
  readonly steps: Steps
  readonly start: number
  /** Ascending. The last horizon is the cell's own. */
  readonly horizons: readonly number[]
  /** The largest number of states for one `Course` (a rule for ending trials). */
  readonly most: number
}

/** `n` is the first step for which the search did not find all states. */
export class Unreached extends Refusal {
  override readonly name = 'Unreached'
  constructor(
    readonly n: number,
    message: string,
  ) {
    super(message)
  }
}

/** `level` is the number of consecutive steps that a trial has just spent in regions of `Course.held`. */
export interface State {
  readonly place: number
  readonly level: number
}

export interface Explored {
  /** Returns the states at step n >= 1. If all steps are the same, returns the states of all steps together. */
  at(n: number): Pick<States, 'states' | 'number'>
  /** Whether no step leads out of these states. */
  readonly isClosed: boolean
  /**
   * The search has followed all steps out of the first `inner` states, but not out of the rest. Meaningful only if all
   * steps are the same.
   */
  readonly inner: number
}

/** The fate of a trial that reaches a place: the region in which it ends, or null and its new level. */
function arrivalAt(places: Places, { ends, held, hold }: Course, place: number, level: number) {
  const region = places.region(place)
  const next = held(region) ? level + 1 : 0
  return { ended: ends(region) || (next > 0 && next === hold) ? region : null, level: next }
}

class States {
  readonly states: State[] = []
  private readonly numbers = new Map<string, number>()

  add(state: State): boolean {
    const key = `${state.place} ${state.level}`
    if (this.numbers.has(key)) return false
    this.numbers.set(key, this.states.length)
    this.states.push(state)
    return true
  }

  number = (place: number, level: number): number | undefined => this.numbers.get(`${place} ${level}`)
}

/**
 * Returns all states that trials reach within `horizon` steps, breadth first. Throws `Unreached` if there are more than
 * `maxStates`, or if rounding makes places indistinguishable. If the step size or the drift changes with the step, a
 * state counts once for each step at which trials reach it.
 */
export function explore(
  { places, steps, start }: Lattice,
  course: Course,
  horizon: number,
  maxStates: number,
): Explored {
  let states = new States()
  const layers = [states]
  let total = 0
  let front: State[] = []
  const follow = (place: number, level: number, n: number) => {
    const before = states.states.length
    const step = unlessRefused(() => steps.from(place, n))
    if ('reason' in step) throw new Unreached(n + 1, step.reason)
    for (const reached of step.places) {
      const fate = arrivalAt(places, course, reached, level)
      const state: State = { place: reached, level: fate.level }
      if (fate.ended === null && states.add(state)) front.push(state)
    }
    total += states.states.length - before
    if (total > maxStates) throw new Unreached(n + 1, tooMany(maxStates, n + 1, horizon, steps.areSame))
  }
  follow(start, 0, 0)
  for (let n = 1; n < horizon && front.length > 0; n++) {
    const from = front
    front = []
    if (!steps.areSame) {
      states = new States()
      layers.push(states)
    }
    for (const { place, level } of from) follow(place, level, n)
  }
  const none = new States()
  return {
    at: (n) => (steps.areSame ? states : (layers[n - 1] ?? none)),
    isClosed: steps.areSame && front.length === 0,
    inner: states.states.length - front.length,
  }
}

function tooMany(most: number, n: number, horizon: number, areSame: boolean): string {
  const steps = Number.isFinite(horizon) ? `${n} of ${horizon} steps` : `${n} steps`
  const why = '; because the step size or the drift changes with the step, a state counts once for each step'
  return `trials reach more than ${most} states within ${steps}${areSame ? '' : why}`
}

/** Reverses the order of the states. `explored.isClosed` must be true. */
export function reversed(explored: Explored): Explored {
  const { states, number } = explored.at(1)
  const last = states.length - 1
  const turned = {
    states: states.toReversed(),
    number: (place: number, level: number) => last - number(place, level)!,
  }
  return { ...explored, at: () => turned }
}

const maxMatrixEntries = 6e7

/**
 * Returns the finite chain on the explored states. Trials end in it as `course` says. Events that depend on the state
 * at the horizon are evaluated at step `horizon`.
 */
export function chainOf(
  { places, steps, start }: Lattice,
  course: Course,
  explored: Explored,
  horizon: number,
): FiniteChain {
  const { questions } = course
  const stageOf = (from: readonly State[], n: number): Stage => {
    const to = explored.at(n + 1)
    const stage = emptyStage(from.length, to.states.length, questions.length, maxMatrixEntries)
    for (const [number, { place, level }] of from.entries()) {
      const isInner = n === 0 || !steps.areSame || number < explored.inner
      const step = isInner ? steps.from(place, n) : { places: [], chances: [] }
      for (const [i, chance] of step.chances.entries()) {
        const target = step.places[i]!
        const { ended, level: next } = arrivalAt(places, course, target, level)
        if (ended !== null) {
          stage.ended[number]! += chance
          for (const [q, { hits }] of questions.entries()) if (hits(ended)) stage.absorbed[q]![number]! += chance
        } else stage.matrix.run(to.number(target, next)!, 1)[0] = chance
      }
      stage.matrix.endRow()
    }
    return stage
  }
  const stageAt = (n: number) => stageOf(explored.at(n).states, n)
  const same = steps.areSame ? stageAt(1) : null
  return {
    size: explored.at(1).states.length,
    first: firstOf(stageOf([{ place: start, level: 0 }], 0)),
    stage: (n) => same ?? stageAt(n),
    isStationary: steps.areSame,
    stands: questions.map(({ stands }) =>
      stands === null
        ? null
        : Float64Array.from(explored.at(horizon).states, ({ place }) => (stands(places.region(place)) ? 1 : 0)),
    ),
  }
}

import type { Course } from '../oracle/question.ts'
import type { Region } from '../oracle/region.ts'
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
export class Unreached extends Error {
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
  at(n: number): Layer
  /** Whether no step leads out of these states. */
  readonly isClosed: boolean
  /**
   * The search has followed all steps out of the first `inner` states, but not out of the rest. Meaningful only if all
   * steps are the same.
   */
  readonly inner: number
}

export interface Layer {
  readonly states: readonly State[]
  number(place: number, level: number): number | undefined
}

export type Arrival = { readonly ends: true; readonly region: Region } | ({ readonly ends: false } & State)

export function arrivalAt(places: Places, course: Course, place: number, level: number): Arrival {
  const region = places.region(place)
  if (course.ends(region)) return { ends: true, region }
  if (!course.held(region)) return { ends: false, place, level: 0 }
  return level + 1 === course.hold ? { ends: true, region } : { ends: false, place, level: level + 1 }
}

class States implements Layer {
  readonly states: State[] = []
  private readonly numbers = new Map<string, number>()

  add(state: State): boolean {
    const key = `${state.place} ${state.level}`
    if (this.numbers.has(key)) return false
    this.numbers.set(key, this.states.length)
    this.states.push(state)
    return true
  }

  number = (place: number, level: number): number | undefined => {
    return this.numbers.get(`${place} ${level}`)
  }
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
    for (const reached of stepFrom(steps, place, n)) {
      const fate = arrivalAt(places, course, reached, level)
      if (!fate.ends && states.add({ place: fate.place, level: fate.level })) front.push(fate)
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

function stepFrom(steps: Steps, place: number, n: number): readonly number[] {
  try {
    return steps.from(place, n).places
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new Unreached(n + 1, error.message)
  }
}

function tooMany(most: number, n: number, horizon: number, areSame: boolean): string {
  const steps = Number.isFinite(horizon) ? `${n} of ${horizon} steps` : `${n} steps`
  return areSame
    ? `trials reach more than ${most} states within ${steps}`
    : `trials reach more than ${most} states within ${steps}; ` +
        'because the step size or the drift changes with the step, a state counts once for each step'
}

/** Reverses the order of the states. `explored.isClosed` must be true. */
export function reversed(explored: Explored): Explored {
  const { states, number } = explored.at(1)
  const last = states.length - 1
  const turned: Layer = {
    states: states.toReversed(),
    number: (place, level) => last - number(place, level)!,
  }
  return { ...explored, at: () => turned }
}

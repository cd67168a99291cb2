import type { FiniteChain, Stage } from '../oracle/finiteChain.ts'
import type { Course } from '../oracle/question.ts'
import type { Region } from '../oracle/region.ts'
import { RunMatrix } from '../oracle/runMatrix.ts'
import { arrivalAt, type Explored, type Lattice, type Layer } from './explore.ts'
import type { Places } from './places.ts'
import type { Step } from './steps.ts'

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
  const stageOf = (n: number): Stage => {
    const from = explored.at(n).states
    const to = explored.at(n + 1)
    const matrix = new RunMatrix(from.length, to.states.length, maxMatrixEntries)
    const absorbed = questions.map(() => new Float64Array(from.length))
    const ended = new Float64Array(from.length)
    for (const [number, { place, level }] of from.entries()) {
      const isInner = !steps.areSame || number < explored.inner
      if (isInner)
        for (const { chance, region, target } of outcomes(
          { places, course, nextStates: to },
          steps.from(place, n),
          level,
        )) {
          if (region === null) matrix.run(target, 1)[0] = chance
          else {
            ended[number]! += chance
            for (const [q, { hits }] of questions.entries()) if (hits(region)) absorbed[q]![number]! += chance
          }
        }
      matrix.endRow()
    }
    return { matrix, absorbed, ended, lost: new Float64Array(from.length) }
  }
  const one = explored.at(1)
  const mass = new Float64Array(one.states.length)
  const absorbed = questions.map(() => 0)
  let ended = 0
  for (const { chance, region, target } of outcomes({ places, course, nextStates: one }, steps.from(start, 0), 0)) {
    if (region === null) mass[target]! += chance
    else {
      ended += chance
      for (const [q, { hits }] of questions.entries()) if (hits(region)) absorbed[q]! += chance
    }
  }
  const same = steps.areSame ? stageOf(1) : null
  return {
    size: one.states.length,
    first: { mass, absorbed, ended, lost: 0 },
    stage: (n) => same ?? stageOf(n),
    isStationary: steps.areSame,
    stands: questions.map(({ stands }) =>
      stands === null
        ? null
        : Float64Array.from(explored.at(horizon).states, ({ place }) => (stands(places.region(place)) ? 1 : 0)),
    ),
    groups: null,
  }
}

interface Outcome {
  readonly chance: number
  /** null if the trial continues. */
  readonly region: Region | null
  /** The index of the next state; -1 if the trial ends. */
  readonly target: number
}

interface Target {
  readonly places: Places
  readonly course: Course
  readonly nextStates: Layer
}

function outcomes({ places, course, nextStates }: Target, step: Step, level: number): Outcome[] {
  return step.places.map((place, i) => {
    const chance = step.chances[i]!
    const fate = arrivalAt(places, course, place, level)
    return fate.ends
      ? { chance, region: fate.region, target: -1 }
      : { chance, region: null, target: nextStates.number(fate.place, fate.level)! }
  })
}

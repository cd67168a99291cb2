import { groupedBy } from '@driftfarm/formula'
import { exitFunction, stepFunction } from '@driftfarm/kernel'
import type { Cell, Tables } from '@driftfarm/spec'
import { requireFullGradient } from '../chain.ts'
import { describedChain } from '../describedChain.ts'
import { probability } from '../question/answer.ts'
import { type Course, coursesOf, everNames, mergeCourses, nameAt, regionFinder } from '../question/course.ts'
import { requireOneStart, startPoint } from '../question/startPoint.ts'
import { dependsOnMore, refuse, unlessRefused } from '../refusal.ts'
import type { ExactAnswer, OracleAnswer } from '../shapes/oracle.ts'
import { everByElimination, isEliminable, trappedStates } from './eliminate.ts'
import { chainOf, type Explored, explore, type Lattice, reversed, Unreached } from './explore.ts'
import { Places } from './places.ts'
import { type Ever, propagate, type Rounded } from './propagate.ts'
import { formOf, stepsOf } from './steps.ts'

/** For each `Course` (a rule for ending trials), following this many states takes a second or two. */
const maxStates = 200_000
/** The limit is lower for escapes from a basin, because each state then needs a descent. */
const maxStatesOfBasin = 2000
const maxStatesWithoutHorizon = 20_000
const maxCoordinates = 4e6

/**
 * Returns exact answers, by sums over all paths, for a cell whose trials reach finitely many states and whose steps
 * have finitely many outcomes each. `horizons` ascend; the last one is the cell's own.
 */
export function latticeAnswers(
  cell: Cell,
  tables: Tables,
  horizons: readonly number[],
  wanted = cell.trial.escape?.kind === 'basin' ? maxStatesOfBasin : maxStates,
): OracleAnswer {
  const { landscape } = cell
  requireOneStart(cell)
  requireFullGradient(cell)
  const point = startPoint(cell, tables)
  const exits = exitFunction(cell, tables, point)
  if (exits.needsMore) refuse(dependsOnMore)
  const most = Math.min(wanted, Math.floor(maxCoordinates / landscape.dimension))
  const places = new Places(regionFinder(exits))
  const steps = stepsOf(cell, stepFunction(cell, tables, point), places)
  const lattice: Lattice = { places, steps, start: places.begin(point), horizons, most }
  const findings: Findings = { answers: [], missing: new Map() }
  const byHorizon = groupedBy(coursesOf(cell), (course) => followable(lattice, course, findings))
  const finite = { form: formOf(cell), points: places.size, apart: places.apart }
  places.requireOffBoundary()
  for (const [horizon, courses] of byHorizon) {
    if (horizon === null) continue
    for (const course of mergeCourses(courses, places.allRegions))
      addAnswers(lattice, course, explore(lattice, course, horizon, most), horizon, findings)
  }
  if (findings.answers.length === 0) refuse([...findings.missing.values()][0]!)
  return {
    chain: { ...describedChain(cell), finite },
    answers: findings.answers,
    missing: [...findings.missing].map(([name, reason]) => ({ name, reason })),
  }
}

/**
 * Returns the last horizon up to which all states of a course can be found, or null. For each answer that needs the
 * states of later steps, adds to `missing` the reason why those states were not found.
 */
function followable(lattice: Lattice, course: Course, { missing }: Findings): number | null {
  let { horizons } = lattice
  for (let horizon = horizons.at(-1); horizon !== undefined; horizon = horizons.at(-1)) {
    try {
      explore(lattice, course, horizon, lattice.most)
      return horizon
    } catch (error) {
      if (!(error instanceof Unreached)) throw error
      for (const later of lattice.horizons.filter((other) => other >= error.n))
        for (const question of course.questions) {
          const name = nameAt(question, later, lattice.horizons.at(-1)!)
          if (name !== null && !missing.has(name)) missing.set(name, error.message)
        }
      horizons = horizons.filter((other) => other < error.n)
      if (horizons.length === 0) for (const name of everNames(course)) missing.set(name, error.message)
    }
  }
  return null
}

interface Findings {
  readonly answers: ExactAnswer[]
  /** Reasons by answer name. */
  readonly missing: Map<string, string>
}

function addAnswers(
  lattice: Lattice,
  course: Course,
  explored: Explored,
  lastHorizon: number,
  { answers, missing }: Findings,
): void {
  const horizons = lattice.horizons.filter((horizon) => horizon <= lastHorizon)
  const asked = everNames(course)
  const chain = chainOf(lattice, course, explored, lattice.horizons.at(-1)!)
  const marched = propagate(chain, horizons, false, explored.isClosed ? trappedStates(chain) : null)
  for (const [at, values] of marched.horizons.entries())
    for (const [q, question] of course.questions.entries()) {
      const name = nameAt(question, horizons[at]!, lattice.horizons.at(-1)!)
      const found = values[q] ?? null
      if (name === null) continue
      if (found === null) missing.set(name, `following ${chain.size} states for ${horizons[at]} steps takes too long`)
      else answers.push({ name, ...probable(found), method: 'finite' })
    }
  if (asked.length === 0) return
  const ever = unlessRefused(() => everOf(lattice, course, explored))
  if ('reason' in ever) {
    for (const name of asked) missing.set(name, ever.reason)
    return
  }
  const { method } = ever
  for (const [q, { everName }] of course.questions.entries())
    if (everName !== null) answers.push({ name: everName, ...probable(ever.values[q]!), method })
  if (course.meanName === null) return
  if (ever.trapped > 0) {
    for (const name of [course.meanName, 'rate'])
      missing.set(name, `with probability ${Number(ever.trapped.toPrecision(6))} a trial never ends`)
    return
  }
  answers.push({ name: course.meanName, ...ever.steps, method })
  if (ever.rate !== null) answers.push({ name: 'rate', ...ever.rate, method })
  else
    missing.set(
      'rate',
      method === 'finite'
        ? 'there are too many states for Gaussian elimination'
        : 'no trials remain after some step, or the distribution of the remaining trials does not settle',
    )
}

type EverAnswer = Ever & { readonly rate: Rounded | null; readonly method: 'finite' | 'finite-gth' }

function everOf(lattice: Lattice, course: Course, within: Explored): EverAnswer {
  const { places, steps } = lattice
  if (!steps.areSame) refuse('the step size or the drift changes with the step')
  const most = Math.min(lattice.most, maxStatesWithoutHorizon)
  const all = within.isClosed ? within : explore(lattice, course, Number.POSITIVE_INFINITY, most)
  places.requireOffBoundary()
  if (all.at(1).states.some(({ place }) => places.isFaint(place)))
    refuse('a coordinate gets too close to 0 for a double (underflow) before the trials end')
  const chain = chainOf(lattice, course, all, 1)
  const trapped = trappedStates(chain)
  if (isEliminable(chain)) {
    const other = chainOf(lattice, course, reversed(all), 1)
    return { ...everByElimination(chain, other, trapped), method: 'finite-gth' }
  }
  const { ever } = propagate(chain, [1], true, trapped)
  if (ever === null)
    refuse(
      `${chain.size} states are too many for Gaussian elimination, ` +
        'and trials end too slowly for step-by-step propagation',
    )
  return { ...ever, rate: null, method: 'finite' }
}

function probable({ value, error }: Rounded): Rounded {
  return { value: probability(value), error }
}

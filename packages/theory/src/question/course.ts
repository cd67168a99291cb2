import type { EventsAt, ExitFunction } from '@driftfarm/kernel'
import { type Cell, parseEstimate, printEstimate } from '@driftfarm/spec'

/** The events that hold at every theta in a part of space. Regions with equal events are the same object. */
export interface Region extends EventsAt {
  readonly key: string
}

export type RegionAt = (theta: ArrayLike<number>) => Region

export function regionFinder(exits: ExitFunction): RegionAt {
  const known = new Map<string, Region>()
  return (theta) => {
    const events = exits.at(theta)
    const key = keyOf(events)
    let region = known.get(key)
    if (region === undefined) {
      region = { ...events, key }
      known.set(key, region)
    }
    return region
  }
}

/** The key is concatenated by hand for speed, because a chain in a plane needs a million keys. */
function keyOf({ finite, marks, exit, diverged, converges, centre, class: sort }: EventsAt): string {
  return `${finite}${marks}${diverged}${converges}${named(exit)}${named(centre)}${named(sort)}`
}

function named(name: string | null): string {
  return name === null ? '-' : `[${name.length} ${name}]`
}

export interface Question {
  readonly name: string
  readonly hits: (region: Region) => boolean
  /**
   * Whether a trial counts as a hit if it is in the region at the horizon. Null if the question is about an event, not
   * about the state at the horizon.
   */
  readonly stands: ((region: Region) => boolean) | null
  readonly everName: string | null
}

/**
 * Trials continue until they are in a region of `ends`, or until they have been in regions of `held` for `hold`
 * consecutive steps.
 */
export interface Course {
  readonly ends: (region: Region) => boolean
  readonly held: (region: Region) => boolean
  readonly hold: number
  readonly questions: readonly Question[]
  /** The estimate of the mean number of steps; null if the mean is not reported. */
  readonly meanName: string | null
}

const nothing = () => false

export function coursesOf({ trial }: Cell): Course[] {
  const { escape, converge, marks, classify } = trial
  const endsByExit = escape !== null && trial.afterEscape === 'stop'
  const endsByConverging = converge !== null && trial.afterConverge === 'stop'
  const hold = converge?.hold ?? 1
  const isExit = ({ exit }: Region) => exit !== null
  const exitEnds = (region: Region) => endsByExit && isExit(region)
  const isDiverged = (region: Region) => region.diverged && !exitEnds(region)
  const isIn = (region: Region) => region.converges && !region.diverged && !exitEnds(region)
  const endsUnconverged = (region: Region) => exitEnds(region) || region.diverged
  const isOver = (region: Region) => isExit(region) || endsUnconverged(region)
  const course = (
    ends: (region: Region) => boolean,
    isConverging: boolean,
    questions: readonly Question[],
    meanName: string | null = null,
  ): Course => ({
    ends: (region) => ends(region) || (isConverging && hold === 1 && isIn(region)),
    held: isConverging && hold > 1 ? (region) => isIn(region) && !ends(region) : nothing,
    hold,
    questions,
    meanName,
  })
  const event = (name: string, hits: Question['hits'], everName: string | null = null): Question => ({
    name,
    hits,
    stands: null,
    everName,
  })
  const courses: Course[] = []
  if (escape !== null) {
    const exits = escape.kind === 'exits' ? escape.exits.map(([name]) => name).filter((name) => name !== '') : []
    const questions = exits.map((name) =>
      event(printEstimate({ kind: 'exit', name }), ({ exit }) => exit === name, `firstExit:${name}`),
    )
    const meanName = endsByConverging ? 'meanEndStep' : 'meanExitStep'
    courses.push(course(isOver, endsByConverging, [event('escape', isExit, 'firstExit'), ...questions], meanName))
  }
  if (converge !== null) {
    const minima = new Set(trial.minima.map(([name]) => name))
    const settles = converge.kind === 'within' && endsByConverging && trial.quench === null
    const centres = settles ? converge.of.map(([name]) => name).filter((name) => name !== '' && minima.has(name)) : []
    const questions = centres.map((name) => {
      const hits = (region: Region) => isIn(region) && region.centre === name
      return event(printEstimate({ kind: 'settle', name }), hits, `firstConverge:${name}`)
    })
    const meanName = escape === null ? 'meanConvergeStep' : null
    courses.push(course(endsUnconverged, true, [event('converge', isIn, 'firstConverge'), ...questions], meanName))
  }
  if (escape !== null || converge !== null) {
    const undecided: Question = { name: 'undecided', hits: nothing, stands: () => true, everName: null }
    courses.push(course(isOver, converge !== null, [undecided]))
  }
  courses.push(course(endsUnconverged, endsByConverging, [event('diverge', isDiverged)]))
  if (classify.length > 0) {
    const questions = [...classify.map(([name]) => name), 'other'].map((name): Question => {
      const isSo = (region: Region) => region.class === name
      return { name: printEstimate({ kind: 'class', name }), hits: isSo, stands: isSo, everName: null }
    })
    courses.push(course(endsUnconverged, endsByConverging, questions))
  }
  marks.forEach(([name], index) => {
    const isMarked = (region: Region) => region.marks[index] === true
    const question = event(printEstimate({ kind: 'mark', name }), isMarked)
    courses.push(course((region) => isMarked(region) || endsUnconverged(region), endsByConverging, [question]))
  })
  return courses
}

/** The names of the answers without a horizon. */
export function everNames({ questions, meanName }: Course): string[] {
  return [...questions.flatMap(({ everName }) => everName ?? []), ...(meanName === null ? [] : [meanName, 'rate'])]
}

/**
 * Returns the name of the answer within `horizon`. Returns null if the question is about the end state and `horizon` is
 * not the cell's own horizon `last`, because such answers are requested only within the cell's own horizon.
 */
export function nameAt({ name, stands }: Question, horizon: number, last: number): string | null {
  if (horizon === last) return name
  return stands === null ? printEstimate({ ...parseEstimate(name)!, horizon }) : null
}

/**
 * In a course, a region is one of `ends`, one of `held`, or neither. Merges the courses in which every region has the
 * same role. The merged course has the questions of all these courses.
 */
export function mergeCourses(courses: readonly Course[], regions: readonly Region[]): Course[] {
  const merged = new Map<string, Course>()
  for (const course of courses) {
    const key = regions.map((region) => (course.ends(region) ? 'e' : course.held(region) ? 'h' : '-')).join('')
    const same = merged.get(key) ?? { ...course, questions: [], meanName: null }
    const questions = [...same.questions, ...course.questions]
    merged.set(key, { ...same, questions, meanName: same.meanName ?? course.meanName })
  }
  return [...merged.values()]
}

import { basinRelation, type EventsAt, endAligner, exitFunction, trialCost } from '@driftfarm/kernel'
import { type Cell, printEstimate, type Tables, withLandscape, withoutTrainingNoise } from '@driftfarm/spec'
import type { StartPremise } from '@driftfarm/statistics'
import { keyOfPart, RecentCache } from '../recentCache.ts'
import { remembered } from '../remembered.ts'
import { BudgetExceeded } from './budget.ts'
import { hasEvents, trialsOf } from './control.ts'
import type { Landmarks, Study } from './landmarks.ts'
import { noiseFreeCell, standing, withoutBasin, withoutEvery, withTrial } from './plainCell.ts'
import { isQuick } from './probe.ts'
import { type TrialEnd, type TrialSource, trialEnds } from './runTrials.ts'

/**
 * Returns which events hold where trials start, and whether trials start in the basin that the sweep examines. Returns
 * null if the cell requests no event. The kernel tests the events of landscapes that would be slow on the host.
 */
export async function startPremise(study: Study): Promise<StartPremise | null> {
  const { cell, tables, landmarks } = study
  const asks = hasEvents(cell.trial)
  if (!asks && subjectOf(cell) === null) return null
  const starts = landmarks().starts()
  const ofQuick = () => known(landmarks()).get(keyOfPart(cell.trial), () => holdsAt(cell, tables, landmarks()))
  const holds = () => (isQuick(cell) ? ofQuick() : startEvents(study))
  return { starts: starts.length, holds: asks ? await holds() : {}, outside: outsideOf(cell, landmarks()) }
}

/** Many cells of a sweep have the same landmarks and events, because they differ only in their update. */
const known = remembered((_: Landmarks) => new RecentCache<StartPremise['holds']>(16), new WeakMap())

/**
 * Events are tested as if the trial reached the start in step 1. Escape from a basin is not tested, because no trial
 * has left its basin at the start.
 */
function holdsAt(cell: Cell, tables: Tables, landmarks: Landmarks): StartPremise['holds'] {
  const { probe } = landmarks
  const starts = landmarks.starts()
  const { quench, classify } = cell.trial
  const quenchLossFrom = (theta: Float64Array) => {
    if (quench === null || !classify.some(([, when]) => /\bquenchloss\b/.test(when))) return Number.NaN
    const end = probe.descend(theta, quench).theta
    return end.every(Number.isFinite) ? probe.landscape.loss(end) : Number.NaN
  }
  const events = exitFunction(noiseFreeCell(withoutBasin(cell)), tables, starts[0]!)
  const eventsAt = (theta: Float64Array) => {
    const trial = { from: theta, quenchLoss: quenchLossFrom(theta) }
    const { finite, exit, marks, class: end, converges } = events.at(theta, trial)
    const marked = cell.trial.marks.flatMap(([name], i) => (marks[i] === true ? [name] : []))
    return finite ? eventNames({ exit, class: end, converges }, marked) : []
  }
  return eventShares(starts.map(eventsAt))
}

/** `exit` is empty if the escape has no name, and null without escape. */
function eventNames(
  { exit, class: end, converges }: Pick<EventsAt, 'exit' | 'class' | 'converges'>,
  marks: readonly string[],
): readonly string[] {
  return [
    ...(exit === null ? [] : ['escape']),
    ...(exit === null || exit === '' ? [] : [printEstimate({ kind: 'exit', name: exit })]),
    ...marks.map((name) => printEstimate({ kind: 'mark', name })),
    ...(end === null || end === 'other' ? [] : [printEstimate({ kind: 'class', name: end })]),
    ...(converges ? ['converge'] : []),
  ]
}

/** The names of the events that happened in a trial. */
function eventsOf({ escapedAt, exit, convergedAt, marks, class: end }: TrialEnd): readonly string[] {
  const marked = Object.keys(marks).filter((name) => marks[name] !== null)
  const converges = convergedAt !== null
  return eventNames({ exit: escapedAt === null ? null : (exit ?? ''), class: end, converges }, marked)
}

/** For each event, its share of the lists of events. */
function eventShares(lists: readonly (readonly string[])[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const name of lists.flat()) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Object.fromEntries([...counts].map(([name, count]) => [name, count / lists.length]))
}

/** For each event, the share of the first trials of a cell in which it happens. */
export async function eventSharesOf(cell: Cell, count: number, source: TrialSource): Promise<StartPremise['holds']> {
  return eventShares((await trialEnds(cell, { first: 0, count }, source)).map(eventsOf))
}

/** The minimum that the sweep examines: the one whose neighbourhood trials leave or enter, or at which they start. */
function subjectOf({ trial, start }: Cell): Cell['trial']['minima'][number] | null {
  const { escape, converge, minima } = trial
  const named = (at: readonly number[]) => minima.find(([, point]) => point.every((x, i) => x === at[i])) ?? null
  if (escape?.kind === 'outside') return named(escape.of)
  if (start.kind === 'point' && escape !== null) {
    const begun = named(start.point)
    if (begun !== null) return begun
  }
  if (converge?.kind !== 'within' || converge.of.length !== 1) return null
  return named(converge.of[0]![1])
}

/** The share of starts that lie outside the basin that the sweep examines; null if it examines no basin. */
export function outsideOf(cell: Cell, { probe, starts, ends }: Landmarks): StartPremise['outside'] {
  const subject = subjectOf(cell)
  if (subject === null) return null
  const [name, point] = subject
  const minimum = Float64Array.from(point)
  // A start that is the minimum itself needs no descent.
  if (starts().length === 1 && starts()[0]!.every((x, k) => x === point[k]))
    return { minimum: name, share: 0, starts: 1 }
  const aligned = endAligner(cell)
  const leaves = ends().filter(
    (end) => end === null || basinRelation(probe.landscape, ...aligned(end.theta, minimum), end.tolerance) === 'two',
  )
  return { minimum: name, share: leaves.length / ends().length, starts: ends().length }
}

/** The kernel tests the events. Escape from a basin is not tested, as in `holdsAt`. */
async function startEvents({ cell, allowance, ...source }: Study): Promise<StartPremise['holds']> {
  const standing = standingCell(cell)
  const count = Math.min(trialsOf(cell.start), Math.floor(allowance / trialCost(standing)))
  if (count < 1) throw new BudgetExceeded('testing the events at one start')
  return eventSharesOf(standing, count, source)
}

function standingCell(cell: Cell): Cell {
  const still: Cell = {
    ...withLandscape(cell, withoutTrainingNoise(cell.landscape)),
    update: standing,
    method: { kind: 'direct' },
    streams: 'common',
  }
  const tested = withoutEvery(withoutBasin(still))
  const { converge } = tested.trial
  return withTrial(tested, {
    warmup: 0,
    steps: 1,
    converge: converge === null ? null : { ...converge, hold: 1 },
    afterEscape: 'continue',
    afterConverge: 'continue',
  })
}

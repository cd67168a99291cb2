import { type Cell, pointsOf } from '@driftfarm/spec'

/** The times of values, in the order of the numbers by which `assembly/observe.ts` knows them. */
const kinds = ['step', 'every', 'escape', 'converge', 'mark'] as const

/** What a trial observes under one key. */
export interface Watch {
  /** As in `observedKeys`: `loss@escape`, or `loss@every:100` for a series. */
  readonly key: string
  /** Index in `values` of the plan. */
  readonly value: number
  readonly kind: (typeof kinds)[number]
  /** step: the step. every: the distance of the points. mark: the index of the mark. Otherwise 0. */
  readonly argument: number
  /** Index of the watch among the values of a trial. A series has a value for each of its `points`. */
  readonly at: number
  readonly points: number
}

export interface ObservedPlan {
  /** The expressions, without repetitions. */
  readonly values: readonly string[]
  readonly watches: readonly Watch[]
  /** Number of values of a trial. The first `singles` belong to no series. */
  readonly slots: number
  readonly singles: number
}

export const nothingObserved: ObservedPlan = { values: [], watches: [], slots: 0, singles: 0 }

/** Where the values of the keys are computed and stored. Only direct trials observe values. */
export function observedPlan({ trial, method }: Cell, keys: readonly string[]): ObservedPlan {
  const values: string[] = []
  const watches: Watch[] = []
  let slots = 0
  const isSeries = (key: string) => /@every:\d+$/.test(key)
  const singles = method.kind === 'direct' ? keys.filter((key) => !isSeries(key)) : []
  const series = method.kind === 'direct' ? keys.filter(isSeries) : []
  for (const key of [...singles, ...series]) {
    const split = key.lastIndexOf('@')
    const text = key.slice(0, split)
    if (!values.includes(text)) values.push(text)
    const time = timeOf(key.slice(split + 1), trial)
    watches.push({ key, value: values.indexOf(text), ...time, at: slots })
    slots += time.points
  }
  return { values, watches, slots, singles: singles.length }
}

function timeOf(time: string, { steps, marks }: Cell['trial']): Pick<Watch, 'kind' | 'argument' | 'points'> {
  const [word, name = ''] = time.split(/:(.*)/s)
  switch (word) {
    case 'every':
      return { kind: 'every', argument: Number(name), points: pointsOf(Number(name), steps) }
    case 'mark':
      return { kind: 'mark', argument: marks.findIndex(([mark]) => mark === name), points: 1 }
    case 'escape':
    case 'converge':
      return { kind: word, argument: 0, points: 1 }
    default:
      return { kind: 'step', argument: word === 'horizon' ? steps : 0, points: 1 }
  }
}

/** The numbers by which the runtime knows a watch: value, kind, argument and the place of its first value. */
export function watchWords({ value, kind, argument, at }: Watch): readonly number[] {
  return [value, kinds.indexOf(kind), argument, at]
}

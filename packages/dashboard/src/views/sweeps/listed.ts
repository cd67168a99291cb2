import type { PrecisionData, SweepListData, SweptRange } from '@driftfarm/report'
import { sweepStateNames } from '@driftfarm/spec'
import * as z from 'zod'
import { numberText, pathText } from '../../parts/format.ts'
import { oneOf, severalOf, word } from '../../parts/search.ts'
import { tagsOf, tagTexts } from '../../parts/tags.ts'

/** Sweeps without a finished cell come after those whose finished cells are all imprecise. */
const preciseShare = (precision: PrecisionData | undefined): number =>
  precision === undefined ? -1 : precision.precise / Math.max(1, precision.finished)
/** From the submission to the end in seconds; null if the sweep has not ended. */
export const secondsOf = ({ submittedAt, finishedAt }: Listed): number | null =>
  finishedAt === undefined ? null : Math.max(0, (Date.parse(finishedAt) - Date.parse(submittedAt)) / 1000)
const text = (a = '', b = ''): number => a.localeCompare(b)

/** The orders of the list. With `-` before its name, an order is reversed. */
const orders = {
  newest: () => 0,
  name: (a: Listed, b: Listed) => text(a.title ?? a.name, b.title ?? b.name),
  landscape: (a: Listed, b: Listed) => text(a.landscape, b.landscape),
  axes: (a: Listed, b: Listed) => (a.axes?.length ?? 0) - (b.axes?.length ?? 0) || a.cells - b.cells,
  state: (a: Listed, b: Listed) => text(a.state, b.state),
  trials: (a: Listed, b: Listed) => Number(a.trialsDone) - Number(b.trialsDone),
  precise: (a: Listed, b: Listed) => preciseShare(a.precision) - preciseShare(b.precision),
  by: (a: Listed, b: Listed) => text(a.submittedBy, b.submittedBy),
  took: (a: Listed, b: Listed) => (secondsOf(a) ?? Number.MAX_VALUE) - (secondsOf(b) ?? Number.MAX_VALUE),
} as const
export type SweepOrder = keyof typeof orders
const orderNames = Object.keys(orders) as SweepOrder[]

export const sweepsSearch = z.object({
  q: word,
  state: severalOf(sweepStateNames),
  tag: word,
  order: oneOf([...orderNames, ...orderNames.map((name) => `-${name}` as const)]),
})
export type SweepsSearch = z.infer<typeof sweepsSearch>

export type Listed = SweepListData['sweeps'][number]

/** For example `eta 0.02 to 0.3 (12), sigma 0.5 to 2 (10)`. */
export function axesText(axes: readonly SweptRange[]): string {
  const isNumber = (value: unknown): value is number => typeof value === 'number'
  return axes
    .map(({ path, from, to, count }) =>
      isNumber(from) && isNumber(to)
        ? `${pathText(path)} ${numberText(from)} to ${numberText(to)} (${count ?? 'many'})`
        : `${pathText(path)} (${count ?? 'many'})`,
    )
    .join(', ')
}

/** Each word of the query must occur in the text of the row. A word with `-` before it must not occur. */
export function matches(sweep: Listed, search: SweepsSearch): boolean {
  const { name, title, notes, id, state, tags, landscape, submittedBy, settings = [], differs, axes = [] } = sweep
  const words = (search.q ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const values = [...settings, ...differs].map(({ path, value }) => `${path} ${value}`)
  const row = [name, title, notes, id, state, submittedBy, landscape, axesText(axes), ...values, ...tagTexts(tags)]
  // Tags are found with and without the space after the colon.
  const text = [...row, ...row.map((part = '') => part.replace(': ', ':'))].join(' ').toLowerCase()
  const named = words.every((word) =>
    word.startsWith('-') && word.length > 1 ? !text.includes(word.slice(1)) : text.includes(word),
  )
  const stated = search.state === undefined || search.state.includes(state)
  const [key, value] = tagsOf(search.tag ?? '')[0] ?? []
  return named && stated && (!key || (Object.hasOwn(tags, key) && (!value || tags[key] === value)))
}

export function inOrder(sweeps: readonly Listed[], order: SweepsSearch['order'] = 'newest'): readonly Listed[] {
  const isReversed = order.startsWith('-')
  const sorted = [...sweeps].sort(orders[(isReversed ? order.slice(1) : order) as SweepOrder])
  return isReversed ? sorted.reverse() : sorted
}

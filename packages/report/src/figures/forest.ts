import { valueAxis } from './axis.ts'
import type { Figure, Point } from './figure.ts'

export interface ForestRow {
  readonly name: string
  /** A string if the value is not a finite number; such a row has no point in the plot. */
  readonly value: number | string
  readonly low: number | string
  readonly high: number | string
  readonly cell: number
  readonly text: string
}

type FigureTexts = Pick<Figure, 'title' | 'sweep' | 'of' | 'caption'>

/**
 * `none` is the value that means no difference: 0 for a difference, 1 for a ratio. Rows with the same name are
 * numbered.
 */
export function forest(
  { title, sweep, of, caption }: FigureTexts,
  rows: readonly ForestRow[],
  { label, none, log }: { readonly label: string; readonly none: number; readonly log: boolean },
): Figure {
  const seen = new Map<string, number>()
  const places = rows.map(({ name }) => {
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name} (${times})`
  })
  const finite = (value: number | string) => (typeof value === 'number' ? value : null)
  const points = rows.flatMap(({ value, low, high, cell, text }, at): Point[] =>
    typeof value === 'string'
      ? []
      : [{ cell, x: places[at]!, y: value, low: finite(low), high: finite(high), limit: null, doubt: null, text }],
  )
  return {
    figure: 'contrast',
    title,
    sweep,
    of,
    x: { label: '', scale: 'categorical', domain: null, categories: places, ticks: null, path: null },
    y: valueAxis(label, [none, ...points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y])], { log }),
    color: null,
    seriesTitle: null,
    series: [],
    layers: [
      {
        type: 'line',
        series: null,
        role: 'reference',
        steps: false,
        points: places.map((x) => ({ x, y: none })),
        text: 'no difference',
      },
      { type: 'points', series: null, joined: false, points },
    ],
    caption,
  }
}

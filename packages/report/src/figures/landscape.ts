import { withMargin } from './axis.ts'
import type { Axis, Figure, Layer } from './figure.ts'

/** A landscape to draw: over its coordinates if it has one or two, else over a plane through named points. */
export interface LandscapeScene {
  readonly title: string
  /** Names of the coordinates that are drawn: one or two. */
  readonly coordinates: readonly string[]
  readonly view: readonly (readonly [number, number])[]
  /** With one coordinate, there is one row. */
  readonly columns: number
  readonly rows: number
  /** Row by row from the lower left corner; null where the loss is not finite. */
  readonly losses: readonly (number | null)[]
  readonly marks: readonly { readonly name: string; readonly at: readonly number[]; readonly loss: number | null }[]
  /** Sentences for the caption. */
  readonly sentences: readonly string[]
}

/** Draws the loss as a graph over one coordinate, or as a map over two. */
export function landscapeFigure(scene: LandscapeScene): Figure {
  const { x, y, color, layers } = groundOf(scene)
  return {
    figure: 'landscape',
    title: scene.title,
    sweep: null,
    of: null,
    x,
    y,
    color,
    seriesTitle: null,
    series: [],
    layers: [...layers, ...marksOf(scene)],
    caption: [
      ...scene.sentences,
      ...(scene.view.length === 2
        ? ['The colour bands cover equal areas, so that both flat and steep regions are visible.']
        : []),
    ],
  }
}

export function groundOf(scene: LandscapeScene): Pick<Figure, 'x' | 'y' | 'color' | 'layers'> {
  const { coordinates, view, losses, columns, rows } = scene
  const axis = (at: number): Axis => ({
    label: coordinates[at]!,
    scale: 'linear',
    domain: view[at]!,
    categories: null,
    ticks: null,
    path: null,
  })
  const finite = losses.filter((loss) => loss !== null)
  const low = finite.reduce((least, loss) => Math.min(least, loss), Number.POSITIVE_INFINITY)
  const high = finite.reduce((most, loss) => Math.max(most, loss), Number.NEGATIVE_INFINITY)
  const range: [number, number] = finite.length === 0 ? [0, 1] : high > low ? [low, high] : [low - 1, low + 1]
  if (view.length === 2)
    return {
      x: axis(0),
      y: axis(1),
      // The bands cover equal areas, not equal ranges of loss. A colour scale would suggest equal ranges, so only the
      // caption explains the bands.
      color: null,
      layers: [{ type: 'surface', columns, rows, values: losses }],
    }
  const [from, to] = view[0]!
  const points = losses.flatMap((loss, i) =>
    loss === null ? [] : [{ x: from + ((to - from) * i) / Math.max(1, columns - 1), y: loss }],
  )
  return {
    x: axis(0),
    y: withMargin({ label: 'loss L', scale: 'linear', domain: range, categories: null, ticks: null, path: null }),
    color: null,
    layers: [{ type: 'line', series: null, role: 'landscape', steps: false, points, text: 'loss' }],
  }
}

export function marksOf({ view, marks }: LandscapeScene): Layer[] {
  const seen = marks.filter(({ at }) =>
    view.every(([low, high], coordinate) => at[coordinate]! >= low && at[coordinate]! <= high),
  )
  if (seen.length === 0) return []
  return [
    {
      type: 'marks',
      marks: seen.map(({ name, at, loss }) => ({ x: at[0]!, y: view.length === 2 ? at[1]! : (loss ?? 0), name })),
    },
  ]
}

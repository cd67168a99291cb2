import type { Figure, Layer, LayerOf, Point } from '../figure/figure.ts'

/** A line through points. `text` is shown when the pointer is on the line. */
export const lineLayer = (
  series: string | null,
  role: LayerOf<'line'>['role'],
  points: LayerOf<'line'>['points'],
  text: string,
): Layer => ({ type: 'line', series, role, steps: false, points, text })

export const bandLayer = (
  series: string | null,
  role: LayerOf<'band'>['role'],
  points: LayerOf<'band'>['points'],
  text: string,
): Layer => ({ type: 'band', series, role, steps: false, points, text })

export const pointsLayer = (series: string | null, points: readonly Point[], joined = false): Layer => ({
  type: 'points',
  series,
  joined,
  points,
})

type Absent = 'of' | 'color' | 'seriesTitle' | 'series'

/** A figure from its parts. Most figures have no colour scale, and many have no series. */
export function figureFromParts({
  figure,
  title,
  sweep,
  of = null,
  x,
  y,
  color = null,
  seriesTitle = null,
  series = [],
  layers,
  caption,
}: Omit<Figure, Absent> & Partial<Pick<Figure, Absent>>): Figure {
  const origin = sweep && { id: sweep.id, name: sweep.name, state: sweep.state }
  return { figure, title, sweep: origin, of, x, y, color, seriesTitle, series, layers, caption }
}

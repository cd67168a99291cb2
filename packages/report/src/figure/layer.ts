import type { Figure, Layer, LayerOf, Point } from '../figure/figure.ts'

const along =
  <Type extends 'line' | 'band'>(type: Type) =>
  (series: string | null, role: LayerOf<Type>['role'], points: LayerOf<Type>['points'], text: string): Layer =>
    ({ type, series, role, steps: false, points, text }) as LayerOf<Type>

/** A line through points. `text` is shown when the pointer is on the line. */
export const lineLayer = along('line')

export const bandLayer = along('band')

export const pointsLayer = (series: string | null, points: readonly Point[], joined = false): Layer => ({
  type: 'points',
  series,
  joined,
  points,
})

type Absent = 'of' | 'color' | 'seriesTitle' | 'series' | 'panels'

/** A figure from its parts. Most figures have no colour scale, and many have no series. */
export function figureFromParts(parts: Omit<Figure, Absent> & Partial<Pick<Figure, Absent>>): Figure {
  const { figure, title, sweep, ...rest } = parts
  const origin = sweep && { id: sweep.id, name: sweep.name, state: sweep.state }
  return { figure, title, sweep: origin, of: null, color: null, seriesTitle: null, series: [], panels: [], ...rest }
}

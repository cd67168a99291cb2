import { extentOf } from '@driftfarm/statistics'
import { numberAxis, withMargin } from './axis.ts'
import type { Figure, Layer } from './figure.ts'
import { lineLayer } from './layer.ts'

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
  /** Where every trial starts; absent if trials start from different points. */
  readonly start?: readonly number[]
  /** 1 where a trial counts as escaped, in the order of `losses`; absent if this depends on more than the point. */
  readonly escapes?: readonly (0 | 1)[]
  /** Sentences for the caption. */
  readonly sentences: readonly string[]
}

/**
 * The bands of a surface cover equal areas, not equal ranges of loss. The figure has no colour scale, which would
 * suggest equal ranges. Its drawing has a bar with the loss at each contour.
 */
export function groundOf(scene: LandscapeScene): Pick<Figure, 'x' | 'y' | 'layers'> {
  const { coordinates, view, losses, columns, rows } = scene
  const axis = (at: number) => numberAxis(coordinates[at]!, view[at]!)
  const finite = losses.filter((loss) => loss !== null)
  const [low, high] = extentOf(finite)
  const range: [number, number] = finite.length === 0 ? [0, 1] : high > low ? [low, high] : [low - 1, low + 1]
  const escapes: Layer[] = scene.escapes?.includes(1) ? [{ type: 'escapes', columns, rows, values: scene.escapes }] : []
  if (view.length === 2) {
    const surface: Layer[] = finite.length === 0 ? [] : [{ type: 'surface', columns, rows, values: losses }]
    return { x: axis(0), y: axis(1), layers: [...surface, ...escapes] }
  }
  const [from, to] = view[0]!
  const points = losses.flatMap((loss, i) =>
    loss === null ? [] : [{ x: from + ((to - from) * i) / Math.max(1, columns - 1), y: loss }],
  )
  const layers = [lineLayer(null, 'landscape', points, 'loss'), ...escapes]
  return { x: axis(0), y: withMargin(numberAxis('loss L', range)), layers }
}

export const isInView = (at: readonly number[], view: LandscapeScene['view']): boolean =>
  view.every(([low, high], i) => at[i]! >= low && at[i]! <= high)

/** The named points and the start, as far as they are visible. */
export function marksOf({ view, marks, start, losses, columns }: LandscapeScene): Layer[] {
  const isMap = view.length === 2
  const seen = marks.filter(({ at }) => isInView(at, view))
  const layers: Layer[] = []
  if (seen.length > 0) {
    const placed = seen.map(({ name, at, loss }) => ({ x: at[0]!, y: isMap ? at[1]! : (loss ?? 0), name }))
    layers.push({ type: 'marks', marks: placed })
  }
  if (start !== undefined && isInView(start, view)) {
    const [low, high] = view[0]!
    const y = isMap ? start[1]! : losses[Math.round(((start[0]! - low) / (high - low)) * (columns - 1))]
    if (typeof y === 'number') layers.push({ type: 'start', x: start[0]!, y })
  }
  return layers
}

/** Trials of a cell, replayed step by step. */
export interface PathsData {
  readonly sweep: NonNullable<Figure['sweep']>
  readonly cell: { readonly index: number; readonly where: string }
  /** null if the landscape has more than two coordinates. */
  readonly scene: LandscapeScene | null
  readonly paths: readonly {
    readonly trial: number
    readonly end: string
    /** The step of the first escape, after which the trial may continue; null if there is none. */
    readonly escapedAt: number | null
    /** Some of the steps, including the first and the last. */
    readonly points: readonly { readonly n: number; readonly theta: readonly number[]; readonly loss: number }[]
  }[]
  /** Number of steps from one point of a path to the next. */
  readonly every: number
}

/** An estimate and its interval at increasing numbers of trials, for some cells of a sweep. */
export interface ConvergenceData {
  readonly sweep: NonNullable<Figure['sweep']>
  readonly of: string
  readonly cells: readonly {
    readonly index: number
    readonly params: Readonly<Record<string, unknown>>
    readonly confidence: number
    readonly method: string
    /** Each point uses the first trials, in the order of their indices. */
    readonly points: readonly {
      readonly trials: number
      readonly events: number
      readonly value: number
      readonly low: number
      readonly high: number
    }[]
  }[]
}

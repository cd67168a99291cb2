import { landscapeFunction, traceReference } from '@driftfarm/kernel'
import type { Cell, Landscape, Tables } from '@driftfarm/spec'
import { extentOf } from '@driftfarm/statistics'
import { finite } from './axis.ts'
import type { LandscapeScene, PathsData } from './ground.ts'

const graphPoints = 401
const mapPointsPerSide = 81

type Range = readonly [number, number]

interface Marked {
  readonly title: string
  readonly minima: readonly (readonly [name: string, point: readonly number[]])[]
}

interface SceneOptions extends Marked {
  /** Points that must be visible besides the minima, such as the points of paths. */
  readonly points?: readonly (readonly number[])[]
}

/**
 * The scene of a landscape with one or two coordinates; null if the landscape has more (see `sliceScene`). If the
 * landscape has data, the scene shows the full-batch loss.
 */
export function landscapeScene(cell: Cell, tables: Tables, options: SceneOptions): LandscapeScene | null {
  const { landscape } = cell
  if (landscape.dimension > 2) return null
  const { points = [], minima } = options
  const function_ = landscapeFunction(cell, tables)
  const loss = (theta: readonly number[]): number | null => finite(function_.loss(Float64Array.from(theta)))
  return sceneOf(
    landscape,
    viewOf([...points, ...minima.map(([, point]) => point)], landscape.dimension),
    loss,
    options,
  )
}

/** The scene of a landscape in the given range of each coordinate. */
export function sceneOf(
  landscape: Landscape,
  view: readonly Range[],
  loss: (theta: readonly number[]) => number | null,
  { title, minima }: Marked,
): LandscapeScene {
  const marks = minima.map(([name, at]) => ({ name, at, loss: loss(at) }))
  return { title, coordinates: coordinatesOf(landscape), view, ...sampleLosses(view, loss), marks, sentences: [] }
}

/**
 * The scene of a plane in a landscape with many coordinates. The plane goes through three points, or it contains two
 * points and the direction of the gradient at their midpoint.
 */
export function sliceScene(
  cell: Cell,
  tables: Tables,
  title: string,
  named: readonly (readonly [name: string, point: readonly number[]])[],
): LandscapeScene {
  const [first, second, third] = named
  if (first === undefined || second === undefined) throw new RangeError('a slice needs at least two points')
  const function_ = landscapeFunction(cell, tables)
  const gradientAt = (point: readonly number[]): number[] => {
    const gradient = new Float64Array(point.length)
    function_.gradient(Float64Array.from(point), gradient)
    return [...gradient]
  }
  const [origin, along] = [first[1], difference(second[1], first[1])]
  const length = norm(along)
  const across =
    third === undefined
      ? orthogonal(gradientAt(middle(first[1], second[1])), along)
      : orthogonal(difference(third[1], first[1]), along)
  const unit = scaled(along, 1 / length)
  const place = (point: readonly number[]): readonly number[] => {
    const from = difference(point, origin)
    return [dot(from, unit), dot(from, across)]
  }
  const at = ([a, b]: readonly number[]): number[] => origin.map((o, i) => o + a! * unit[i]! + b! * across[i]!)
  const loss = (place_: readonly number[]): number | null => finite(function_.loss(Float64Array.from(at(place_))))
  const marks = named.map(([name, point]) => ({
    name,
    at: place(point),
    loss: finite(function_.loss(Float64Array.from(point))),
  }))
  const view = viewOf(
    marks.map((mark) => mark.at),
    2,
  )
  return {
    title,
    coordinates: [`distance from ${first[0]} towards ${second[0]}`, 'perpendicular distance'],
    view,
    ...sampleLosses(view, loss),
    marks,
    sentences: [
      `The landscape has ${cell.landscape.dimension} coordinates. The map shows the plane ` +
        (third === undefined
          ? `that contains ${first[0]}, ${second[0]} and the steepest direction at their midpoint. `
          : `through ${first[0]}, ${second[0]} and ${third[0]}. `) +
        'Other points are outside this plane.',
    ],
  }
}

/**
 * With one coordinate, the losses are computed at equally spaced points, including both ends of the range. With two
 * coordinates, the losses are computed at the centres of the pixels.
 */
function sampleLosses(
  view: readonly Range[],
  loss: (theta: readonly number[]) => number | null,
): Pick<LandscapeScene, 'columns' | 'rows' | 'losses'> {
  const [across, up] = view
  if (up === undefined) {
    const losses = Array.from({ length: graphPoints }, (_, i) => loss([between(across!, i / (graphPoints - 1))]))
    return { columns: graphPoints, rows: 1, losses }
  }
  const losses: (number | null)[] = []
  for (let j = 0; j < mapPointsPerSide; j++)
    for (let i = 0; i < mapPointsPerSide; i++)
      losses.push(loss([between(across!, (i + 0.5) / mapPointsPerSide), between(up, (j + 0.5) / mapPointsPerSide)]))
  return { columns: mapPointsPerSide, rows: mapPointsPerSide, losses }
}

const between = ([low, high]: Range, share: number): number => low + (high - low) * share

function viewOf(points: readonly (readonly number[])[], dimension: number): readonly Range[] {
  return Array.from({ length: dimension }, (_, i): Range => {
    const values = points.map((point) => point[i]!).filter(Number.isFinite)
    if (values.length === 0) return [-2, 2]
    const [low, high] = extentOf(values)
    const air = high > low ? 0.25 * (high - low) : 1
    return [low - air, high + air]
  })
}

/** The names of coordinates in event conditions. Without named variables, as in a network, they are x[1], x[2], ... */
export function coordinatesOf({ variables, dimension }: Landscape): readonly string[] {
  return variables ?? Array.from({ length: dimension }, (_, i) => `x[${i + 1}]`)
}

const difference = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value - b[i]!)
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
const norm = (a: readonly number[]): number => Math.sqrt(dot(a, a))
const scaled = (a: readonly number[], factor: number): number[] => a.map((value) => value * factor)
const middle = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => (value + b[i]!) / 2)

/**
 * The part of `a` that is orthogonal to `along`, scaled to length 1. If this part is 0, returns some unit vector that
 * is orthogonal to `along`.
 */
function orthogonal(a: readonly number[], along: readonly number[]): number[] {
  const left = difference(a, scaled(along, dot(a, along) / dot(along, along)))
  const length = norm(left)
  if (length > 1e-9 * Math.max(1, norm(a))) return scaled(left, 1 / length)
  const least = along.reduce((at, value, i) => (Math.abs(value) < Math.abs(along[at]!) ? i : at), 0)
  const basis = along.map((_, i) => (i === least ? 1 : 0))
  const other = difference(basis, scaled(along, dot(basis, along) / dot(along, along)))
  return scaled(other, 1 / norm(other))
}

export type TracedPaths = Pick<PathsData, 'scene' | 'paths' | 'every'>

/** A picture cannot show more points of a path. */
const maxPoints = 2_000

/** Computes trials step by step with the reference engine. */
export function tracePaths(cell: Cell, tables: Tables, trials: readonly number[], title: string): TracedPaths {
  const { steps, minima } = cell.trial
  const every = Math.max(1, Math.ceil(steps / maxPoints))
  const paths = trials.map((trial) => {
    const points: PathsData['paths'][number]['points'][number][] = []
    let last: (typeof points)[number] | null = null
    const outcome = traceReference(
      cell,
      trial,
      ({ n, theta, loss }) => {
        last = { n, theta: [...theta], loss }
        if (n % every === 0) points.push(last)
      },
      tables,
    )
    if (last !== null && points.at(-1) !== last) points.push(last)
    return { trial, end: outcome.end, points }
  })
  const seen = paths
    .flatMap(({ points }) => points.map(({ theta }) => theta))
    .filter((theta) => theta.every(Number.isFinite))
  return { scene: landscapeScene(cell, tables, { title, points: seen, minima }), paths, every }
}

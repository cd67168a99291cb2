import { dot, norm } from '@driftfarm/formula'
import { landscapeFunction, traceReference } from '@driftfarm/kernel'
import type { Cell, Landscape, Tables } from '@driftfarm/spec'
import { extentOf } from '@driftfarm/statistics'
import { texts } from '../format/text.ts'
import { finite, maxElongation } from './axis.ts'
import { coordinatesOf } from './coordinates.ts'
import { escapeSet, startOf } from './escapeSet.ts'
import { isInView, type LandscapeScene, type PathsData } from './ground.ts'

const graphPoints = 401
const mapPointsPerSide = 81

type Range = readonly [number, number]
type Points = readonly (readonly number[])[]

interface Marked {
  readonly title: string
  readonly minima: readonly (readonly [name: string, point: readonly number[]])[]
}

interface SceneOptions extends Marked {
  /** Points of each path. The first points are visible; of the others, those that are not far off. */
  readonly paths?: readonly Points[]
}

/**
 * The scene of a landscape with one or two coordinates; null if the landscape has more (see `sliceScene`). If the
 * landscape has data, the scene shows the full-batch loss.
 */
export function landscapeScene(cell: Cell, tables: Tables, options: SceneOptions): LandscapeScene | null {
  const { landscape } = cell
  if (landscape.dimension > 2) return null
  const { paths = [], minima } = options
  const function_ = landscapeFunction(cell, tables)
  const loss = (theta: readonly number[]): number | null => finite(function_.loss(Float64Array.from(theta)))
  const start = startOf(cell, tables)
  const shown = [...paths.flatMap((path) => path.slice(0, 1)), ...minima.map(([, at]) => at), ...(start ? [start] : [])]
  const points = paths.flat().filter((point) => point.every(Number.isFinite))
  const viewWith = (all: Points) => viewOf([...all, ...cornersOf(points, all)], landscape.dimension)
  const escaped = escapeSet(cell, tables, start)
  const origin = start ?? minima[0]?.[1] ?? Array<number>(landscape.dimension).fill(0)
  const edges = escaped === null ? [] : edgesOf(escaped, origin, viewWith(shown))
  const scene = sceneOf(landscape, equalised(viewWith([...shown, ...edges])), loss, options)
  // To find the basin of a point takes a whole descent.
  const every = cell.trial.escape?.kind === 'basin' ? 3 : 1
  const escapes = escaped && sampled(scene, every, (theta) => (escaped(theta) ? 1 : 0))
  const isCut = points.some((point) => !isInView(point, scene.view))
  const sentences = texts(isCut && 'Paths that leave the picture are cut off at its edge.')
  return { ...scene, sentences, ...(start && { start }), ...(escapes && { escapes }) }
}

/**
 * Two opposite corners of the points to show: at most 98 % of the values of each coordinate, and no
 * value outside the view of `shown`. If the paths spread farther than `shown`, the corners are outside the quartiles.
 * Otherwise, single jumps of heavy-tailed drift would leave no room for the landscape.
 */
function cornersOf(points: Points, shown: Points) {
  if (points.length === 0) return []
  const ranges = viewOf(shown, shown[0]!.length).map(([low, high], i): Range => {
    const values = Float64Array.from(points, (point) => point[i]!).sort()
    const at = (share: number) => values[Math.round(share * (values.length - 1))]!
    const spread = at(0.75) - at(0.25)
    const [least, most] = extentOf(shown.map((point) => point[i]!))
    const beyond = most - least < 0.75 * spread ? spread : 0
    return [Math.max(at(0.01), Math.min(low, at(0.25) - beyond)), Math.min(at(0.99), Math.max(high, at(0.75) + beyond))]
  })
  return [0, 1].map((end) => ranges.map((range) => range[end]!))
}

/** Edges that are farther away than this, relative to the nearest one, are left out. */
const maxFarther = 5

/**
 * Where the escape set begins, seen from `origin` along the coordinates or, if nothing is found there, along the
 * diagonals. If `origin` is in the set, this is where the set ends. `view` gives the scale of each coordinate.
 */
function edgesOf(escaped: (theta: readonly number[]) => boolean, origin: readonly number[], view: readonly Range[]) {
  const inside = escaped(origin)
  const signs = [-1, 0, 1]
  const directions = view.length === 1 ? [[-1], [1]] : signs.flatMap((i) => signs.map((j) => [i, j]))
  const edgesAlong = (coordinates: number) =>
    directions
      .filter((direction) => direction.filter((sign) => sign !== 0).length === coordinates)
      .flatMap((direction) => {
        const at = (far: number) => origin.map((x, i) => x + direction[i]! * far * (view[i]![1] - view[i]![0]))
        let [near, far] = [0, 1e-3]
        while (far < 100 && escaped(at(far)) === inside) [near, far] = [far, far * 1.2]
        for (let halvings = 0; halvings < 8; halvings++) {
          const middle = (near + far) / 2
          if (escaped(at(middle)) === inside) near = middle
          else far = middle
        }
        return far < 100 ? [{ far, point: at(far) }] : []
      })
  const straight = edgesAlong(1)
  const edges = straight.length > 0 ? straight : edgesAlong(2)
  const nearest = Math.min(...edges.map(({ far }) => far))
  return edges.filter(({ far }) => far <= maxFarther * nearest).map(({ point }) => point)
}

/** Ranges that differ by more than this factor keep different scales. */
const maxDifference = 5

/** Widens the shorter of two ranges, so that a map with one scale for both coordinates is not a narrow strip. */
function equalised(view: readonly Range[]): readonly Range[] {
  const lengths = view.map(([low, high]) => high - low)
  const longest = Math.max(...lengths)
  if (longest > maxDifference * Math.min(...lengths)) return view
  return view.map(([low, high], i) => {
    const air = Math.max(0, longest / maxElongation - lengths[i]!) / 2
    return [low - air, high + air]
  })
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
  const minima = named.map(([name, point]) => [name, place(point)] as const)
  const view = viewOf(
    minima.map(([, at]) => at),
    2,
  )
  return {
    ...sceneOf(cell.landscape, view, loss, { title, minima }),
    coordinates: [`distance from ${first[0]} towards ${second[0]}`, 'perpendicular distance'],
    sentences: [
      `The landscape has ${cell.landscape.dimension} coordinates. The map shows the plane ` +
        (third === undefined
          ? `that contains ${first[0]}, ${second[0]} and the steepest direction at their midpoint. `
          : `through ${first[0]}, ${second[0]} and ${third[0]}. `) +
        'Other points are outside this plane.',
    ],
  }
}

function sampleLosses(view: readonly Range[], loss: (theta: readonly number[]) => number | null) {
  const isMap = view.length === 2
  const size = isMap ? { columns: mapPointsPerSide, rows: mapPointsPerSide } : { columns: graphPoints, rows: 1 }
  return { ...size, losses: sampled({ view, ...size }, 1, loss) }
}

/**
 * Values on the grid of a scene. With one coordinate, the points are equally spaced and include both ends of the range.
 * With two coordinates, the points are the centres of the pixels. If `every` is 3, only the point in the middle of 3
 * (or 3 x 3) points is computed, and the others have its value.
 */
function sampled<T>(
  { view: [across, up], columns, rows }: Pick<LandscapeScene, 'view' | 'columns' | 'rows'>,
  every: number,
  valueAt: (theta: readonly number[]) => T,
): readonly T[] {
  const middle = (i: number, count: number): number => Math.min(count - 1, i - (i % every) + (every >> 1))
  const known = new Map<number, T>()
  return Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [middle(at % columns, columns), middle(Math.floor(at / columns), rows)]
    const key = j * columns + i
    if (!known.has(key)) {
      const x = between(across!, up === undefined ? i / (columns - 1) : (i + 0.5) / columns)
      known.set(key, valueAt(up === undefined ? [x] : [x, between(up, (j + 0.5) / rows)]))
    }
    return known.get(key)!
  })
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

const difference = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value - b[i]!)
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
  return orthogonal(basis, along)
}

export type TracedPaths = Pick<PathsData, 'scene' | 'paths' | 'every'>

/** A picture cannot show more points of a path. */
const maxPoints = 2_000

interface TraceLimits {
  /** Only this many coordinates of each point are kept; default all. */
  readonly coordinates?: number
  /** Ends the computation early: the current path is cut, and further trials have no path. */
  isOver?(): boolean
}

/** Computes trials step by step with the reference engine. */
export function tracePaths(
  cell: Cell,
  tables: Tables,
  trials: readonly number[],
  title: string,
  { coordinates, isOver = () => false }: TraceLimits = {},
): TracedPaths {
  const { steps, minima } = cell.trial
  const every = Math.max(1, Math.ceil(steps / maxPoints))
  const cut = Symbol('cut')
  const paths: PathsData['paths'][number][] = []
  for (const trial of trials) {
    if (paths.length > 0 && isOver()) break
    const points: PathsData['paths'][number]['points'][number][] = []
    let last: (typeof points)[number] | null = null
    let traced: Pick<PathsData['paths'][number], 'end' | 'escapedAt'> = { end: 'cut', escapedAt: null }
    try {
      traced = traceReference(
        cell,
        trial,
        ({ n, theta, loss }) => {
          last = { n, theta: [...theta.subarray(0, coordinates)], loss }
          if (n % every === 0) points.push(last)
          if (isOver()) throw cut
        },
        tables,
      )
    } catch (error) {
      if (error !== cut) throw error
    }
    if (last !== null && points.at(-1) !== last) points.push(last)
    const { end, escapedAt } = traced
    paths.push({ trial, end, escapedAt, points })
  }
  // The far points of a diverging path would leave no room for the others.
  const seen = paths.map(({ end, points }) => (end === 'diverged' ? points.slice(0, 1) : points).map((at) => at.theta))
  return { scene: landscapeScene(cell, tables, { title, paths: seen, minima }), paths, every }
}

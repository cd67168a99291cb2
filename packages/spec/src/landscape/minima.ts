import { countText } from '@driftfarm/formula'
import { cached } from '../cached.ts'
import type { Landscape, Trial, Update } from '../cell.ts'
import type { Tables } from '../data.ts'
import type { Path } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import type { Frame } from '../field/frame.ts'
import { type Range, ranges } from '../field/range.ts'
import { checkCount, checkLabel, type LandscapeNames } from '../field/vocabulary.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts, consequentialMistake, validOrNull } from '../mistakes.ts'
import { type Preset, presets } from '../presets/presets.ts'
import { derivativesOf, polish } from './newton.ts'

export type Minimum = readonly [name: string, point: readonly number[]]

/** No name is used twice. */
export interface Minima {
  readonly all: readonly Minimum[]
  /** Names of preset minima that do not exist for these parameter values. */
  readonly absent: readonly string[]
  /** Named points that are not minima. */
  readonly points: readonly Minimum[]
  readonly broken: readonly string[]
  /** Where the document defines each of its minima. */
  readonly places: ReadonlyMap<string, Path>
}

export interface ResolvedLandscape {
  readonly landscape: Landscape
  readonly tables: Tables
  readonly minima: Minima
  readonly vocabulary: LandscapeNames
}

/** A landscape that names its tables. */
export type UnfilledLandscape = Omit<ResolvedLandscape, 'tables'>

/** The other sections of a cell. Each function throws the mistakes of its section. */
export interface Others {
  readonly resolved: () => ResolvedLandscape
  readonly trial: () => Trial
  readonly update: () => Update
}

export const noMinima: Minima = { all: [], absent: [], points: [], broken: [], places: new Map() }

export function minimaOfPreset(preset: Preset, dimension: number, parameters: ReadonlyMap<string, number>): Minima {
  const all: Minimum[] = []
  const absent: string[] = []
  for (const [name, point] of Object.entries(preset.minima)) {
    const exact =
      typeof point === 'number'
        ? new Array<number>(dimension).fill(point)
        : polish(derivatives(preset), [...parameters.values()], point)
    if (exact === null) absent.push(name)
    else all.push([name, exact])
  }
  return { ...noMinima, all, absent }
}

/** A preset never changes, so its derivatives are computed once. */
const derivatives = cached(presets.length, ({ expression, variables, parameters }: Preset) =>
  derivativesOf(expression, variables!, Object.keys(parameters)),
)

/** Adds the minima and points of the document. A minimum replaces a known minimum with the same name. */
export function withOwnMinima(holders: readonly Frame[], known: Minima, dimension: number): Minima {
  return holders.reduce((minima, holder) => addMinima(holder, minima, dimension), known)
}

/** Like `withOwnMinima`. If a minimum or point has a mistake, all of them count as broken. */
export function soundMinima(holders: readonly Frame[], known: Minima, dimension: number): Minima {
  const names = holders.flatMap((holder) =>
    ['minima', 'points'].flatMap((key) => Object.keys(holder.inner(key).object)),
  )
  return (
    validOrNull(() => withOwnMinima(holders, known, dimension)) ?? { ...known, broken: [...known.broken, ...names] }
  )
}

function addMinima(holder: Frame, known: Minima, dimension: number): Minima {
  const { minima, points } = collectParts({
    minima: () => ownPoints(holder.inner('minima'), dimension),
    points: () => ownPoints(holder.inner('points'), dimension),
  })
  const all = new Map([...known.all, ...minima])
  const allPoints = new Map([...known.points, ...points])
  checkOneMeaning(holder.inner('points'), [...known.absent, ...all.keys()])
  checkOneMeaning(holder.inner('minima'), new Map(known.points).keys())
  checkCount(known.all.length + minima.length, limits.minima, 'minima', holder.at('minima'))
  checkCount(known.points.length + points.length, limits.minima, 'points', holder.at('points'))
  return {
    ...known,
    all: [...all],
    absent: known.absent.filter((name) => !all.has(name)),
    points: [...allPoints],
    places: new Map([...known.places, ...minima.map(([name]) => [name, holder.inner('minima').at(name)] as const)]),
  }
}

function ownPoints(frame: Frame, dimension: number): Minimum[] {
  return collectEach(Object.keys(frame.object), (name): Minimum => {
    checkLabel(name, frame.at(name), ['any', 'other'])
    return [name, resolvePoint(frame, name, dimension)]
  })
}

function checkOneMeaning(frame: Frame, names: Iterable<string>): void {
  const taken = new Set(names)
  collectEach(Object.keys(frame.object), (name) => {
    if (!taken.has(name)) return
    const reason = 'it names both a minimum and another point'
    throw new Mistake('NAME_REFUSED', frame.at(name), { value: name, reason }, 'key')
  })
}

export function minimumNamed(name: string, minima: Minima, path: Path): Minimum {
  const minimum = minima.all.find(([known]) => known === name)
  if (minimum !== undefined) return minimum
  if (minima.broken.includes(name)) throw consequentialMistake()
  if (minima.absent.includes(name)) throw new Mistake('MINIMUM_ABSENT', path, { value: name })
  const known = minima.all.map(([name]) => name)
  const hint = minima.points.some(([point]) => point === name)
    ? `${name} is defined under \`points\`: write { point: ${name} }, or define it under \`minima\``
    : known.length === 0
      ? 'the landscape has no named minima: define some under `minima:`, or give a point'
      : undefined
  throw new Mistake('UNKNOWN_MINIMUM', path, { value: name, known, hint })
}

/** For a point that is not a minimum, the returned name is ''. */
export function placeNamed(name: string, minima: Minima, path: Path): Minimum {
  const point = minima.points.find(([known]) => known === name)
  if (point !== undefined) return ['', point[1]]
  if (minima.all.some(([known]) => known === name) || minima.absent.includes(name) || minima.broken.includes(name))
    return minimumNamed(name, minima, path)
  const known = [...minima.all, ...minima.points].map(([name]) => name)
  if (known.length === 0 || minima.points.length === 0) return minimumNamed(name, minima, path)
  throw new Mistake('UNKNOWN_POINT', path, { value: name, known })
}

export function resolvePoint(frame: Frame, key: string | number, dimension: number): readonly number[] {
  return pointWithin(ranges.any, frame.inner(key), dimension)
}

export function pointWithin(range: Range, list: Frame, dimension: number): readonly number[] {
  const coordinates = list.object as readonly unknown[]
  if (coordinates.length !== dimension) {
    const expected = `a point of ${countText(dimension, 'number')}`
    throw new Mistake('WRONG_DIMENSION', list.path(), { value: coordinates, expected })
  }
  return collectEach(coordinates, (_, i) => list.number(i, range))
}

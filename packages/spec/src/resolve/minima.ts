import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'
import type { Preset } from '../presets/preset.ts'
import type { Frame } from './frame.ts'
import { checkCount, checkLabel } from './names.ts'
import { type Derivatives, derivativesOf, polish } from './newton.ts'
import { resolvePoint } from './point.ts'
import type { Scope } from './scope.ts'

export type Minimum = readonly [name: string, point: readonly number[]]

/** Named minima in order, and the names of those that these parameters have lost. */
export interface Minima {
  readonly all: readonly Minimum[]
  readonly absent: readonly string[]
}

export function minimaOfPreset(preset: Preset, dimension: number, parameters: ReadonlyMap<string, number>): Minima {
  const all: Minimum[] = []
  const absent: string[] = []
  for (const { name, point, polish: isSeed } of preset.minima) {
    const seed = typeof point === 'number' ? new Array<number>(dimension).fill(point) : point
    const exact = isSeed ? polished(preset, parameters, seed) : seed
    if (exact === null) absent.push(name)
    else all.push([name, exact])
  }
  return { all, absent }
}

/** A preset never changes, so its derivatives are taken once. */
const derivatives = new WeakMap<Preset, Derivatives>()

function polished(preset: Preset, parameters: ReadonlyMap<string, number>, seed: readonly number[]) {
  const known =
    derivatives.get(preset) ?? derivativesOf(preset.expression, preset.variables!, Object.keys(preset.parameters))
  derivatives.set(preset, known)
  return polish(known, [...parameters.values()], seed)
}

/** The minima of the document over those that are known already: one of the same name takes its place. */
export function withOwnMinima(scope: Scope, frame: Frame, known: Minima, dimension: number): Minima {
  const own = new Map<string, Minimum>()
  for (const name of Object.keys(frame.object)) {
    checkLabel(name, frame.at(name), ['any', 'other'])
    own.set(name, [name, resolvePoint(scope, frame, name, dimension)])
  }
  checkCount(known.all.length + own.size, limits.minima, 'minima', frame.path())
  const all = known.all.map((minimum) => own.get(minimum[0]) ?? minimum)
  for (const minimum of own.values()) if (!known.all.some(([name]) => name === minimum[0])) all.push(minimum)
  return { all, absent: known.absent.filter((name) => !own.has(name)) }
}

export function minimumNamed(name: string, minima: Minima, path: Path): Minimum {
  const minimum = minima.all.find(([known]) => known === name)
  if (minimum !== undefined) return minimum
  if (minima.absent.includes(name)) throw new Mistake('MINIMUM_ABSENT', path, { value: name })
  const known = minima.all.map(([name]) => name)
  throw new Mistake('UNKNOWN_MINIMUM', path, {
    value: name,
    known,
    ...(known.length === 0
      ? { hint: 'the landscape has no named minima: name them under `minima:`, or give a point' }
      : {}),
  })
}

import * as z from 'zod'
import type { Broadcast, Start } from '../cell.ts'
import { isMapping } from '../document/value.ts'
import { Mistake, misplacedKey, outOfRange } from '../errors.ts'
import { keys, oneKey, quantity, text, words } from '../field/field.ts'
import { type Frame, refuseUnknownKeys, type Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { readersOf, shapeOf } from '../field/section.ts'
import { readNpyPoint } from '../files/npy.ts'
import { pointSchema } from '../landscape/fields.ts'
import type { ResolvedLandscape } from '../landscape/minima.ts'
import { minimumNamed, placeNamed, pointWithin, resolvePoint } from '../landscape/minima.ts'
import { collectParts } from '../mistakes.ts'
import { descentFields } from './descent.ts'

type Coordinates = (typeof ranges)['any' | 'nonNegative']

/** One number for all coordinates, or one for each. The value is a single number if all coordinates have the same. */
const broadcast = (range: Coordinates, description: string) => ({
  schema: z
    .union([quantity(range), z.array(quantity(range), { error: 'one number per coordinate' })], {
      error: 'a number, or one per coordinate',
    })
    .describe(`${description}: one number for all coordinates, or a list with one number per coordinate.`),
  read: (frame: Frame, key: string, { landscape }: ResolvedLandscape): Broadcast => {
    if (!Array.isArray(frame.get(key))) return frame.number(key, range)
    const values = pointWithin(range, frame.inner(key), landscape.dimension)
    return values.every((value) => value === values[0]) ? values[0]! : values
  },
})
const uniform = { low: broadcast(ranges.any, 'The lower limit'), high: broadcast(ranges.any, 'The upper limit') }
const gaussian = {
  mean: broadcast(ranges.any, 'The mean'),
  sigma: broadcast(ranges.nonNegative, 'The standard deviation'),
}

const forms = {
  minimum: text('the name of a minimum').describe('A named minimum.').optional(),
  point: text('the name of a point').describe('A named point, or a named minimum.').optional(),
  uniform: keys(shapeOf(uniform)).describe('Each coordinate is uniform from low to high.').optional(),
  gaussian: keys(shapeOf(gaussian)).describe('Each coordinate is normally distributed.').optional(),
  init: words('he', 'xavier', 'lecun')
    .describe(
      'For networks: normal weights of variance 2/fan_in (he), 2/(fan_in + fan_out) (xavier) or 1/fan_in (lecun). ' +
        'Biases are 0.',
    )
    .optional(),
  file: text('a file name').describe('A point in a .npy file of float64 numbers, shape (d,) or (1, d).').optional(),
}

const expected = 'a point [..] or {minimum: NAME}'

const starts = <Descend extends z.ZodType>(descend: Descend) =>
  z.union([pointSchema, oneKey({ ...forms, descend: descend.optional() })], { error: expected })

const fromSchema = starts(
  z.unknown().describe('Not allowed here: a descent cannot start from another descent.'),
).describe('Where the descent begins: a point, or any other kind of start.')

export const startSchema = starts(
  keys({ from: fromSchema, ...shapeOf(descentFields) }).describe(
    'The end point of a noise-free descent that begins at `from`.',
  ),
).describe('The start theta_0: a point [..], {minimum: NAME}, a random start, the end of a descent, or a file.')

export function resolveStart(scope: Scope, resolved: ResolvedLandscape): Start {
  return startAt(scope.root, 'start', resolved)
}

function startAt(holder: Frame, key: string, resolved: ResolvedLandscape): Start {
  const { landscape, minima } = resolved
  const frame = holder.inner(key)
  if (!isMapping(frame.object)) return { kind: 'point', point: resolvePoint(holder, key, landscape.dimension) }
  const kind = Object.keys(frame.object)[0]!
  const inner = frame.inner(kind)
  switch (kind) {
    case 'uniform':
      return checkedUniform(inner, collectParts(readersOf(uniform, inner, resolved)))
    case 'gaussian':
      return { kind, ...collectParts(readersOf(gaussian, inner, resolved)) }
    case 'init':
      return { kind, law: initLaw(frame, resolved) }
    case 'descend': {
      const descent = () => collectParts(readersOf(descentFields, inner))
      return { kind, ...collectParts({ from: () => resolveFrom(inner, resolved), descent }) }
    }
    case 'file':
      return { kind: 'point', point: pointOfFile(frame, landscape.dimension) }
    case 'point':
      return { kind, point: placeNamed(String(frame.get('point')), minima, frame.at('point'))[1] }
    default:
      return { kind: 'point', point: minimumNamed(String(frame.get('minimum')), minima, frame.at('minimum'))[1] }
  }
}

function checkedUniform(frame: Frame, { low, high }: { readonly low: Broadcast; readonly high: Broadcast }): Start {
  const at = (bound: Broadcast, i: number) => (typeof bound === 'number' ? bound : bound[i]!)
  const length = Math.max(...[low, high].map((bound) => (typeof bound === 'number' ? 1 : bound.length)))
  for (let i = 0; i < length; i++) {
    if (at(low, i) <= at(high, i)) continue
    throw outOfRange(frame.at('high'), at(high, i), `a number >= ${at(low, i)}, the lower limit`)
  }
  return { kind: 'uniform', low, high }
}

function initLaw(frame: Frame, { landscape }: ResolvedLandscape): 'he' | 'xavier' | 'lecun' {
  if (landscape.kind !== 'network') {
    const hint = 'use {gaussian: {mean, sigma}} or {uniform: {low, high}}; init is for networks with layers'
    throw misplacedKey(frame.at('init'), hint)
  }
  return frame.get('init') as 'he' | 'xavier' | 'lecun'
}

function resolveFrom(frame: Frame, resolved: ResolvedLandscape): Start {
  const inner = frame.inner('from')
  const known = ['a point [..]', 'minimum', 'point', 'uniform', 'gaussian', 'init', 'file']
  refuseUnknownKeys(
    inner,
    inner.get('descend') === undefined ? Object.keys(inner.object) : known,
    'a descent cannot start from another descent: write another kind of start',
  )
  return startAt(frame, 'from', resolved)
}

function pointOfFile(frame: Frame, dimension: number): readonly number[] {
  const file = String(frame.get('file'))
  const path = frame.at('file')
  const bytes = frame.scope.library.files.bytes(file, path)
  const fail = (reason: string, hint: string) => new Mistake('FILE', path, { value: file, reason, hint })
  const point = Array.from(readNpyPoint(bytes, fail), (value) => value + 0)
  const wrong = point.findIndex((value) => !Number.isFinite(value))
  if (wrong >= 0) throw fail(`coordinate ${wrong + 1} is ${point[wrong]}`, 'every coordinate must be finite')
  if (point.length !== dimension)
    throw fail(`it contains ${point.length} numbers`, `the landscape has dimension ${dimension}`)
  return point
}

import * as z from 'zod'
import type { Broadcast, Start } from '../cell.ts'
import { dataTable, referenceTo, widened } from '../data.ts'
import { isMapping, shown } from '../document/value.ts'
import { fileRefusal, Mistake, misplacedKey, missing, outOfRange } from '../errors.ts'
import { keys, oneKey, quantity, section, text, words } from '../field/field.ts'
import { type Frame, refuseUnknownKeys, type Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { readersOf, shapeOf } from '../field/section.ts'
import { isNpy, readNpy } from '../files/npy.ts'
import { readNpz } from '../files/npz.ts'
import { readSafetensors } from '../files/safetensors.ts'
import { isZip } from '../files/unpack.ts'
import { pointSchema } from '../landscape/fields.ts'
import { minimumNamed, placeNamed, pointWithin, type ResolvedLandscape, resolvePoint } from '../landscape/minima.ts'
import { collectParts } from '../mistakes.ts'
import { descentFields } from '../trial/descent.ts'
import { trainFields } from './train.ts'
import { isShape, type NameMap, pointOfTensors } from './weights.ts'

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
  minimum: text('the name of a minimum').describe('A named minimum.'),
  point: text('the name of a point').describe('A named point, or a named minimum.'),
  uniform: keys(shapeOf(uniform)).describe('Each coordinate is uniform from low to high.'),
  gaussian: keys(shapeOf(gaussian)).describe('Each coordinate is normally distributed.'),
  init: words('he', 'xavier', 'lecun').describe(
    'For networks: normal weights of variance 2/fan_in (he), 2/(fan_in + fan_out) (xavier) or 1/fan_in (lecun). ' +
      'Biases are 0.',
  ),
  file: text('a file name').describe('A point in a .npy file, of shape (d,) or (1, d).'),
  npz: text('a file name').describe('The same as `safetensors`, in a .npz file of NumPy.'),
  safetensors: text('a file name').describe(
    'The weights of a network in a .safetensors file, as PyTorch names them; or a point, as the tensor theta.',
  ),
}
const besides = {
  map: z
    .record(z.string(), text('the name of a tensor'), { error: 'a mapping of names' })
    .describe('For files: the tensor that stands for each of layers.0.weight, layers.0.bias, layers.1.weight, ...'),
}

const expected = 'a point [..] or {minimum: NAME}'
const noDescent = 'a descent cannot start from another descent'
const noTraining = 'a descent cannot start from training'
const noMoreTraining = 'training cannot start from other training'

const starts = <Descend extends z.ZodType, Train extends z.ZodType>(descend: Descend, train: Train) =>
  z.union([pointSchema, oneKey({ ...forms, descend, train }, besides)], {
    error: expected,
  })

const refused = (why: string) => z.unknown().describe(`Not allowed here: ${why}.`)
const descendSchema = section(['from'], {
  from: starts(refused(noDescent), refused(noTraining)).describe(
    'Where the descent begins: a point, or any other kind of start.',
  ),
  ...shapeOf(descentFields),
}).describe('The end point of a noise-free descent that begins at `from`.')

export const startSchema = starts(
  descendSchema,
  section(['update', 'steps'], {
    ...shapeOf(trainFields),
    from: starts(descendSchema, refused(noMoreTraining)).describe(
      'Where training begins: any other kind of start. Default for networks: {init: he}.',
    ),
  }).describe('The last point of a training run, which has an update and random numbers of its own.'),
).describe(
  'The start theta_0: a point [..], {minimum: NAME}, a random start, the end of a descent or of training, or a file.',
)

export function resolveStart(scope: Scope, resolved: ResolvedLandscape): Start {
  const start = startAt(scope.root, 'start', resolved)
  checkFinite(start, scope, resolved)
  return start
}

/** If one gradient takes more operations, the start is not checked. */
const maxOperations = 1e6

/** Refuses a start where the loss or its gradient is not finite. A random start is checked at three points. */
function checkFinite(start: Start, { library }: Scope, { landscape, tables, minima }: ResolvedLandscape): void {
  const { wanted, slopesOf } = library.minimumChecks
  const slopes = wanted ? slopesOf(landscape, tables) : null
  if (slopes === null || slopes.cost > maxOperations) return
  const found = samplesOf(start, landscape.dimension).map((theta) => {
    const values = [slopes.loss(theta), ...slopes.gradient(theta)]
    const wrong = values.findIndex((value) => !Number.isFinite(value))
    return { value: values[wrong], reason: `the ${wrong === 0 ? 'loss' : 'gradient'} at ${shown([...theta])}` }
  })
  const wrong = found[0]
  if (wrong === undefined || found.some(({ value }) => value === undefined)) return
  const [[name] = ['']] = minima.all
  const hint = name === '' ? 'start where the loss and its gradient are finite' : `write start: {minimum: ${name}}`
  throw new Mistake('NOT_FINITE', ['start'], { ...wrong, hint })
}

const at = (all: Broadcast, i: number): number => (typeof all === 'number' ? all : all[i]!)

function samplesOf(start: Start, dimension: number): readonly Float64Array[] {
  const point = (coordinate: (i: number) => number) => Float64Array.from({ length: dimension }, (_, i) => coordinate(i))
  switch (start.kind) {
    case 'point':
      return [Float64Array.from(start.point)]
    case 'uniform':
      return [0, 0.5, 1].map((share) => point((i) => at(start.low, i) * (1 - share) + at(start.high, i) * share))
    case 'gaussian':
      return [0, -1, 1].map((sign) => point((i) => at(start.mean, i) + sign * at(start.sigma, i)))
    case 'descend':
    case 'train':
      return samplesOf(start.from, dimension)
    default:
      return []
  }
}

function startAt(holder: Frame, key: string, resolved: ResolvedLandscape): Start {
  const { landscape, minima } = resolved
  const frame = holder.inner(key)
  if (!isMapping(frame.object)) return { kind: 'point', point: resolvePoint(holder, key, landscape.dimension) }
  const kind = Object.keys(frame.object).find((key) => !(key in besides))!
  if (frame.get('map') !== undefined && kind !== 'safetensors' && kind !== 'npz')
    throw misplacedKey(frame.at('map'), '`map` can be used only with `safetensors` or `npz`')
  const inner = frame.inner(kind)
  switch (kind) {
    case 'uniform':
      return checkedUniform(inner, collectParts(readersOf(uniform, inner, resolved)))
    case 'gaussian':
      return { kind, ...collectParts(readersOf(gaussian, inner, resolved)) }
    case 'init':
      return { kind, law: initLaw(frame, resolved) }
    case 'descend': {
      const from = () => resolveFrom(inner, resolved, { descend: noDescent, train: noTraining })
      return { kind, ...collectParts({ from, descent: () => collectParts(readersOf(descentFields, inner)) }) }
    }
    case 'train': {
      const isNetwork = landscape.kind === 'network'
      if (inner.get('from') === undefined && !isNetwork) throw missing(inner.at('from'), 'where training begins')
      const from = (): Start =>
        inner.get('from') === undefined
          ? { kind: 'init', law: 'he' }
          : resolveFrom(inner, resolved, { train: noMoreTraining })
      const { until, ...rest } = collectParts({ from, ...readersOf(trainFields, inner, resolved) })
      const [when = null, every] = until ?? []
      return { kind, ...rest, until: when, ...(every !== undefined && { every }) }
    }
    case 'file':
      return { kind: 'point', point: pointOfFile(frame, landscape.dimension) }
    case 'npz':
    case 'safetensors':
      return startOfWeights(frame, kind, resolved)
    case 'point':
      return { kind, point: placeNamed(String(frame.get('point')), minima, frame.at('point'))[1] }
    default:
      return { kind: 'point', point: minimumNamed(String(frame.get('minimum')), minima, frame.at('minimum'))[1] }
  }
}

function checkedUniform(frame: Frame, { low, high }: { readonly low: Broadcast; readonly high: Broadcast }): Start {
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

/** Where the run `kind` begins. Runs of the kinds in `refused` cannot precede it, for the reasons given. */
function resolveFrom(frame: Frame, resolved: ResolvedLandscape, refusedKinds: Readonly<Record<string, string>>): Start {
  const inner = frame.inner('from')
  const wrong = Object.keys(refusedKinds).find((kind) => inner.get(kind) !== undefined)
  if (wrong !== undefined) {
    const known = ['a point [..]', ...Object.keys({ ...forms, descend: 0 }).filter((kind) => !(kind in refusedKinds))]
    refuseUnknownKeys(inner, known, `${refusedKinds[wrong]}: write another kind of start`)
  }
  return startAt(frame, 'from', resolved)
}

/** Refuses a file that another key reads. As with data, the first bytes say what a file contains, whatever its name. */
function openFile(frame: Frame, kind: 'file' | 'npz' | 'safetensors') {
  const file = String(frame.get(kind))
  const refusal = fileRefusal(frame.at(kind), file)
  const bytes = frame.scope.library.files.bytes(file, frame.at(kind))
  const isArrays = isZip(bytes) && /\.npy/.test(new TextDecoder().decode(bytes.subarray(30, 30 + bytes[26]!)))
  const right = isNpy(bytes) ? 'file' : isArrays ? 'npz' : bytes[7] === 0 && bytes[8] === 0x7b ? 'safetensors' : kind
  if (right !== kind) throw refusal(`it is a .${right === 'file' ? 'npy' : right} file`, `write ${right}: ${file}`)
  return { bytes, refusal }
}

/**
 * A point of up to this many coordinates is written in the cell, as if the spec listed its numbers. A longer one is
 * stored like a data set.
 */
const longestPoint = 1000

function startOfWeights(frame: Frame, kind: 'npz' | 'safetensors', { landscape }: ResolvedLandscape): Start {
  const { tables } = frame.scope.library
  const map = (frame.get('map') ?? null) as NameMap | null
  const choice = [kind, frame.get(kind), map, landscape.kind === 'network' ? landscape.layers : landscape.variables]
  const table = tables.remembered([...choice, landscape.dimension], () => {
    const { bytes, refusal } = openFile(frame, kind)
    const tensors = (kind === 'npz' ? readNpz : readSafetensors)(bytes, refusal)
    return tables.shared(dataTable(1, landscape.dimension, pointOfTensors(tensors, landscape, map, refusal)))
  })
  if (landscape.dimension <= longestPoint) return { kind: 'point', point: Array.from(widened(table)) }
  return { kind: 'stored', data: referenceTo({ table, prepared: null }) }
}

function pointOfFile(frame: Frame, dimension: number): readonly number[] {
  const { bytes, refusal } = openFile(frame, 'file')
  const { shape, values } = readNpy(bytes, refusal)
  const reason = `its shape is (${shape.join(', ')}), but the landscape has dimension ${dimension}`
  if (!isShape(shape, [dimension])) throw refusal(reason, `save an array of shape (${dimension},) or (1, ${dimension})`)
  const point = Array.from(values, (value) => value + 0)
  const wrong = point.findIndex((value) => !Number.isFinite(value))
  if (wrong >= 0) throw refusal(`coordinate ${wrong + 1} is ${point[wrong]}`, 'every coordinate must be finite')
  return point
}

import * as z from 'zod'
import type { FormulaLandscape } from '../cell.ts'
import { referenceTo } from '../data.ts'
import type { Path } from '../document/value.ts'
import { dataMistake, Mistake, outOfRange, overLimit } from '../errors.ts'
import { identifier, quantity, section, text } from '../field/field.ts'
import type { Frame, Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import {
  checkCount,
  checkLetNames,
  checkName,
  type LandscapeNames,
  reservedNames,
  rewrite,
} from '../field/vocabulary.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts, once, validOrNull } from '../mistakes.ts'
import { type Preset, presetNamed, presets } from '../presets/presets.ts'
import { holderOf, resolveBatch } from './batch.ts'
import { type FormulaColumns, formulaColumns } from './columns.ts'
import { dataParts, parameters, pointParts } from './fields.ts'
import { type Minima, minimaOfPreset, noMinima, type UnfilledLandscape, withOwnMinima } from './minima.ts'
import { type NetworkData, testOf } from './prepare.ts'
import { labelNoiseOfFormula } from './trainingNoise.ts'

export const formulaSchema = section(['expression'], {
  variables: z.array(identifier, { error: 'a list of names' }).describe('Names of the coordinates, in order.'),
  dimension: quantity(
    ranges.dimension,
    'Number of coordinates, if `variables` is not given. The coordinates are x[1] to x[dimension]; d is the dimension.',
  ),
  expression: text('an expression').describe('The loss L. With data, the loss of one sample.'),
  parameters: parameters,
  ...pointParts,
  ...dataParts,
}).describe('A loss given by an expression.')

/** What the sections besides the landscape need. Each function throws only the mistakes in its part. */
export interface Sketch {
  /** The mappings that may contain a key of the landscape: the formula or network, and the landscape around it. */
  readonly holders: readonly Frame[]
  readonly size: () => { readonly variables: readonly string[] | null; readonly dimension: number }
  /** Available even if the values of the parameters have mistakes. */
  readonly parameterNames: () => readonly string[]
  /** The minima that the document does not define. */
  readonly known: () => Minima
}

interface UnparsedLandscape extends Sketch {
  readonly parameters: () => ReadonlyMap<string, number>
  readonly text: () => string
  /** The path at which mistakes in the expression are reported. */
  readonly path: Path
  /** The columns of the data; null if there are no data. */
  readonly columns: () => (() => FormulaColumns) | null
}

function presetOf(frame: Frame): Preset {
  const name = String(frame.get('preset'))
  const preset = presetNamed(name)
  if (preset !== undefined) return preset
  throw new Mistake('UNKNOWN_PRESET', frame.at('preset'), { value: name, known: presets.map(({ name }) => name) })
}

export function sketchOfPreset(frame: Frame): UnparsedLandscape {
  const preset = once(() => presetOf(frame))
  const size = once(() => ({ variables: preset().variables, dimension: dimensionOfPreset(frame, preset()) }))
  const parameters = once(() => parametersOfPreset(frame, preset()))
  return {
    holders: [frame],
    size,
    parameterNames: () => Object.keys(preset().parameters),
    parameters,
    known: () =>
      validOrNull(() => minimaOfPreset(preset(), size().dimension, parameters())) ?? {
        ...noMinima,
        broken: Object.keys(preset().minima),
      },
    text: () => preset().expression,
    path: frame.at('preset'),
    columns: () => null,
  }
}

function parametersOfPreset(frame: Frame, preset: Preset): ReadonlyMap<string, number> {
  const parameters = new Map(Object.entries(preset.parameters))
  const own = frame.inner('parameters')
  collectEach(Object.keys(own.object), (key) => {
    if (!parameters.has(key)) {
      const hint = parameters.size === 0 ? `${preset.name} has no parameters` : undefined
      const details = { word: key, known: [...parameters.keys()], hint }
      throw new Mistake('UNKNOWN_PARAMETER', own.at(key), details, 'key')
    }
    parameters.set(key, own.number(key, ranges.any))
  })
  return parameters
}

function dimensionOfPreset(frame: Frame, preset: Preset): number {
  const dimension = checkedDimension(frame, preset.dimension)
  const expected =
    preset.variables === null ? `an integer >= ${preset.smallest ?? 1}` : `${preset.dimension}, or remove the key`
  const isRight = preset.variables === null ? dimension >= (preset.smallest ?? 1) : dimension === preset.dimension
  if (!isRight) throw outOfRange(frame.at('dimension'), dimension, expected)
  return dimension
}

function checkedDimension(frame: Frame, fallback?: number): number {
  const dimension = frame.number('dimension', ranges.dimension, fallback)
  if (dimension > limits.dimension) {
    throw overLimit('TOO_MANY_DIMENSIONS', frame.at('dimension'), dimension, `${limits.dimension} dimensions`)
  }
  return dimension
}

export function sketchOfFormula(landscape: Frame): UnparsedLandscape {
  const frame = landscape.inner('formula')
  const size = once(() => sizeOfFormula(landscape, frame))
  // Parameters may be written inside the formula or beside it, where they can be swept as `landscape.parameters.c`.
  const holders = [frame, landscape]
  return {
    holders,
    size,
    parameterNames: () => holders.flatMap((holder) => Object.keys(holder.inner('parameters').object)),
    parameters: once(() => {
      const pairs = holders.flatMap((holder) => {
        const own = holder.inner('parameters')
        return collectEach(Object.keys(own.object), (key) => [key, own.number(key, ranges.any)] as const)
      })
      return new Map(pairs)
    }),
    known: () => noMinima,
    text: () => String(frame.get('expression')),
    path: frame.at('expression'),
    columns: () => {
      const holder = holderOf('data', frame, landscape)
      return holder === null ? null : once(() => formulaColumns(holder.inner('data')))
    },
  }
}

function sizeOfFormula(landscape: Frame, frame: Frame): ReturnType<UnparsedLandscape['size']> {
  const variables = (frame.get('variables') as readonly string[] | undefined) ?? null
  const holder = frame.peek('dimension') === undefined && landscape.peek('dimension') !== undefined ? landscape : frame
  if (variables === null && holder.get('dimension') === undefined) {
    throw new Mistake('EXACTLY_ONE', frame.path(), { known: ['variables', 'dimension'], reason: 'none' })
  }
  collectEach(variables ?? [], (_, i) => frame.inner('variables').get(i))
  const dimension = checkedDimension(holder, variables?.length)
  if (variables !== null && dimension !== variables.length) {
    throw outOfRange(holder.at('dimension'), dimension, `${variables.length}, the number of variables`)
  }
  if (variables?.length === 0) throw outOfRange(frame.at('variables'), variables, 'at least one variable')
  return { variables, dimension }
}

/** `frame` is the landscape, which contains the formula. */
export function resolveFormula(frame: Frame, sketch: UnparsedLandscape): UnfilledLandscape {
  const { scope } = frame
  const { path } = sketch
  const columns = sketch.columns()
  const known = once(() => scope.expressions.formula(sketch.text(), path))
  const used = once(() => {
    if (columns === null) return []
    const { names } = columns()
    return names.filter((name) => known().names.has(name)).sort()
  })
  const samples = once(() => samplesOf(columns, used()))
  const vocabulary = once((): LandscapeNames => {
    const { variables, dimension } = sketch.size()
    return { variables, dimension, parameters: new Set(sketch.parameterNames()) }
  })
  const parts = collectParts({
    names: () => checkNames(scope, sketch, used, columns),
    size: sketch.size,
    parameters: sketch.parameters,
    samples,
    expression: () => {
      const text = known()
      return rewrite(text, { ...vocabulary(), others: used(), use: null }, scope, path)
    },
    batch: () => resolveBatch(sketch.holders[0]!, frame, columns === null ? null : () => samples()!.table.rows),
    labelNoise: () => labelNoiseOfFormula(sketch.holders[0]!, frame, columns, used),
    minima: () => withOwnMinima(sketch.holders, sketch.known(), sketch.size().dimension),
  })
  if (parts.samples !== null) scope.library.tables.use(parts.samples)
  const landscape: FormulaLandscape = {
    kind: 'formula',
    dimension: parts.size.dimension,
    variables: parts.size.variables,
    expression: parts.expression,
    parameters: [...parts.parameters].sort(([a], [b]) => (a < b ? -1 : 1)),
    data: parts.samples === null ? null : { ...referenceTo(parts.samples), columns: used() },
    ...testOf(parts.samples),
    batch: parts.batch,
    ...(parts.labelNoise !== null && { labelNoise: parts.labelNoise }),
  }
  return {
    landscape,
    minima: parts.minima,
    vocabulary: vocabulary(),
  }
}

function samplesOf(columns: (() => FormulaColumns) | null, used: readonly string[]): NetworkData | null {
  if (columns === null) return null
  if (used.length > 0) return columns().table(used)
  const { names, path } = columns()
  const reason = 'the expression uses none of the columns of the data'
  throw dataMistake(path, reason, `use at least one column: ${names.slice(0, 24).join(', ')}`)
}

/**
 * Checks that coordinates, used columns, parameters and `let` values have different names. Only a `let` value may have
 * the name of a parameter, as in `c: "= c"`.
 */
function checkNames(
  scope: Scope,
  { size, parameterNames, holders }: UnparsedLandscape,
  used: () => readonly string[],
  columns: (() => FormulaColumns) | null,
): void {
  const frame = holders[0]!
  const { variables } = size()
  const taken = new Map<string, string>(variables === null ? reservedNames : [])
  const isPreset = frame.peek('preset') !== undefined
  const own = frame.inner('parameters')
  collectParts({
    variables: () =>
      collectEach(variables ?? [], (name, i) => {
        if (!isPreset) checkName(name, [...frame.at('variables'), i], taken)
        taken.set(name, 'it is a coordinate')
      }),
    columns: () =>
      collectEach(used(), (name) => {
        checkName(name, columns!().path, taken)
        taken.set(name, 'it is a column of the data')
      }),
    parameters: () => collectEach(isPreset ? [] : parameterNames(), (name) => checkName(name, own.at(name), taken)),
    lets: () => checkLetNames(scope, taken),
    count: () => checkCount(parameterNames().length, limits.minima, 'parameters', frame.at('parameters')),
  })
}

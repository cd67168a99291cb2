import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'
import { presetNamed, presets } from '../presets/index.ts'
import type { Preset } from '../presets/preset.ts'
import { ranges } from '../schema/range.ts'
import type { Frame } from './frame.ts'
import { type Minima, minimaOfPreset, withOwnMinima } from './minima.ts'
import type { Scope } from './scope.ts'

/** A formula before its expression is read: of a preset, or the user's own. */
export interface Sketch {
  readonly variables: readonly string[] | null
  readonly dimension: number
  readonly parameters: ReadonlyMap<string, number>
  readonly text: string
  readonly frame: Frame
  readonly minima: Minima
}

export function sketchOfPreset(scope: Scope, frame: Frame): Sketch {
  const name = String(frame.get('preset'))
  const preset = presetNamed(name)
  if (preset === undefined) {
    throw new Mistake('UNKNOWN_PRESET', frame.at('preset'), { value: name, known: presets.map(({ name }) => name) })
  }
  const dimension = dimensionOfPreset(scope, frame, preset)
  const parameters = new Map(Object.entries(preset.parameters))
  const own = frame.inner('parameters')
  for (const key of Object.keys(own.object)) {
    if (!parameters.has(key)) {
      const hint = parameters.size === 0 ? `${name} has no parameters` : undefined
      const details = { word: key, known: [...parameters.keys()], ...(hint === undefined ? {} : { hint }) }
      throw new Mistake('UNKNOWN_PARAMETER', own.at(key), details, 'key')
    }
    parameters.set(key, scope.number(own, key, ranges.any))
  }
  const minima = minimaOfPreset(preset, dimension, parameters)
  return { variables: preset.variables, dimension, parameters, text: preset.expression, frame, minima }
}

function dimensionOfPreset(scope: Scope, frame: Frame, preset: Preset): number {
  const dimension = checkedDimension(scope, frame, preset.dimension)
  const expected =
    preset.variables === null ? `an integer >= ${preset.smallest ?? 1}` : `${preset.dimension}, or nothing`
  const isRight = preset.variables === null ? dimension >= (preset.smallest ?? 1) : dimension === preset.dimension
  if (!isRight) throw new Mistake('OUT_OF_RANGE', frame.at('dimension'), { value: dimension, expected })
  return dimension
}

function checkedDimension(scope: Scope, frame: Frame, fallback?: number): number {
  const dimension = scope.number(frame, 'dimension', ranges.dimension, fallback)
  if (dimension > limits.dimension) {
    throw new Mistake('TOO_MANY_DIMENSIONS', frame.at('dimension'), {
      value: dimension,
      limit: `${limits.dimension} dimensions`,
    })
  }
  return dimension
}

export function sketchOfFormula(scope: Scope, landscape: Frame): Sketch {
  const frame = landscape.inner('formula')
  const variables = (frame.get('variables') as readonly string[] | undefined) ?? null
  // Beside the formula it is as good as inside it: `landscape.parameters.c` is how parameters are swept.
  const holder = frame.get('dimension') === undefined && landscape.get('dimension') !== undefined ? landscape : frame
  if (variables === null && holder.get('dimension') === undefined) {
    throw new Mistake('EXACTLY_ONE', frame.path(), { known: ['variables', 'dimension'], reason: 'none' })
  }
  const dimension = checkedDimension(scope, holder, variables?.length)
  if (variables !== null && dimension !== variables.length) {
    throw new Mistake('OUT_OF_RANGE', holder.at('dimension'), {
      value: dimension,
      expected: `${variables.length}, the number of variables`,
    })
  }
  if (variables?.length === 0)
    throw new Mistake('OUT_OF_RANGE', frame.at('variables'), { value: variables, expected: 'at least one variable' })
  if (dimension > limits.dimension)
    throw new Mistake('TOO_MANY_DIMENSIONS', frame.at('variables'), {
      value: dimension,
      limit: `${limits.dimension} dimensions`,
    })
  const parameters = new Map<string, number>()
  for (const own of [frame.inner('parameters'), landscape.inner('parameters')]) {
    for (const key of Object.keys(own.object)) parameters.set(key, scope.number(own, key, ranges.any))
  }
  const minima = withOwnMinima(scope, frame.inner('minima'), { all: [], absent: [] }, dimension)
  return { variables, dimension, parameters, text: String(frame.get('expression')), frame, minima }
}

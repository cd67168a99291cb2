import type { FormulaLandscape, Landscape } from '../cell.ts'
import { sampleReferencesOf } from '../data.ts'
import { placed } from '../document/source.ts'
import { misplacedKey } from '../errors.ts'
import { quantity, section, text } from '../field/field.ts'
import { type Frame, onlyOne, Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { createSharedResources } from '../field/sharedResources.ts'
import { collectEach, collectParts, consequentialMistake, once, reported } from '../mistakes.ts'
import { presets } from '../presets/presets.ts'
import { checkMinima } from './checkMinima.ts'
import { dataParts, parameters, pointParts } from './fields.ts'
import { formulaSchema, resolveFormula, type Sketch, sketchOfFormula, sketchOfPreset } from './formula.ts'
import { type Minimum, type ResolvedLandscape, soundMinima, type UnfilledLandscape } from './minima.ts'
import { networkSchema, networkSketch, resolveNetwork } from './network.ts'

export const landscapeSchema = section([], {
  preset: text('the name of a preset').meta({
    enum: presets.map(({ name }) => name),
    description: 'Name of a built-in landscape. `driftfarm landscapes` lists them.',
  }),
  formula: formulaSchema,
  network: networkSchema,
  dimension: quantity(ranges.dimension, 'Dimension of a preset that is defined for any dimension.'),
  parameters: parameters,
  ...pointParts,
  ...dataParts,
}).describe('The loss L(theta): exactly one of preset, formula, network.')

const landscapeKinds = ['preset', 'formula', 'network'] as const

export function landscapeOf(scope: Scope): ResolvedLandscape {
  const frame = scope.root.inner('landscape')
  const kind = onlyOne(frame, landscapeKinds)
  const kinds = {
    preset: () => ofPreset(frame),
    formula: () => resolveFormula(frame, sketchOfFormula(frame)),
    network: () => resolveNetwork(frame),
  }
  const made = kinds[kind]()
  const tables = sampleReferencesOf(made).map((reference) => scope.library.tables.of(reference))
  const resolved = { ...made, tables }
  checkMinima(scope, resolved)
  return resolved
}

function ofPreset(frame: Frame): UnfilledLandscape {
  const { resolved } = collectParts({
    data: () =>
      collectEach(['data', 'batch', 'sampling', 'labelNoise'], (word) => {
        const hint = 'a preset takes no data: write a formula over the columns of the data, or a network'
        if (frame.get(word) !== undefined) throw misplacedKey(frame.at(word), hint)
      }),
    resolved: () => resolveFormula(frame, sketchOfPreset(frame)),
  })
  return resolved
}

/**
 * The known parts of a landscape that has mistakes, so that starts and events can be checked too. Reading an unknown
 * part throws an empty list of mistakes (see `consequentialMistake`).
 */
export function outlineOf(scope: Scope): ResolvedLandscape {
  const frame = scope.root.inner('landscape')
  const kind = once(() => onlyOne(frame, landscapeKinds))
  const sketches = { preset: sketchOfPreset, formula: sketchOfFormula, network: networkSketch }
  const sketch = once((): Sketch => sketches[kind()](frame))
  const known = {
    get kind() {
      return kind() === 'network' ? 'network' : 'formula'
    },
    get dimension() {
      return sketch().size().dimension
    },
    get variables() {
      return sketch().size().variables
    },
  }
  const unknown = {
    get: () => {
      throw consequentialMistake()
    },
  }
  return {
    landscape: Object.defineProperties(known, { parameters: unknown, layers: unknown, test: unknown }) as Landscape,
    get tables() {
      if (kind() === 'preset') return []
      throw consequentialMistake()
    },
    get minima() {
      const { holders, known, size } = sketch()
      return soundMinima(holders, known(), size().dimension)
    },
    get vocabulary() {
      const { size, parameterNames } = sketch()
      return { ...size(), parameters: new Set(parameterNames()) }
    },
  }
}

export interface ResolvedPreset {
  readonly landscape: FormulaLandscape
  readonly minima: readonly Minimum[]
}

/**
 * Returns the minima of a preset, and its landscape in the form that cells contain. Throws a SpecError for an unknown
 * name or parameter.
 */
export function resolveLandscape(
  preset: string,
  choices: { readonly dimension?: number; readonly parameters?: Readonly<Record<string, number>> } = {},
): ResolvedPreset {
  const value = { version: 1, landscape: { preset, ...choices } }
  const source = { place: () => ({ source: preset, line: null, column: null }) }
  return reported(() =>
    placed(source, () => {
      const { landscape, minima } = landscapeOf(new Scope(value, createSharedResources()))
      return { landscape: landscape as FormulaLandscape, minima: minima.all }
    }),
  )
}

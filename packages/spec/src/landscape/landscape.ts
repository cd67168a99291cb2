import type { FormulaLandscape, Landscape } from '../cell.ts'
import { placed } from '../document/source.ts'
import type { Path } from '../document/value.ts'
import { misplacedKey } from '../errors.ts'
import { keys, quantity, text } from '../field/field.ts'
import { type Frame, onlyOne, Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { createSharedResources } from '../field/sharedResources.ts'
import { eventQuantities } from '../field/vocabulary.ts'
import { collectEach, collectParts, consequentialMistake, once, reported, validOrNull } from '../mistakes.ts'
import { presetNamed, presets } from '../presets/presets.ts'
import { checkMinima } from './checkMinima.ts'
import { dataParts, parameters, pointParts } from './fields.ts'
import { formulaSchema, resolveFormula, sketchOfFormula, sketchOfPreset, type UnparsedLandscape } from './formula.ts'
import { type Minima, type Minimum, noMinima, type ResolvedLandscape, resolvePoint } from './minima.ts'
import { networkSchema, networkSketch, resolveNetwork } from './network.ts'

export const landscapeSchema = keys({
  preset: text('the name of a preset')
    .meta({
      enum: presets.map(({ name }) => name),
      description: 'Name of a built-in landscape. `driftfarm landscapes` lists them.',
    })
    .optional(),
  formula: formulaSchema.optional(),
  network: networkSchema.optional(),
  dimension: quantity(ranges.dimension, 'Dimension of a preset that is defined for any dimension.').optional(),
  parameters: parameters.optional(),
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
    network: () => ofNetwork(frame),
  }
  const resolved = kinds[kind]()
  checkMinima(scope, resolved)
  return resolved
}

function ofNetwork(frame: Frame): ResolvedLandscape {
  const { landscape, data, minima } = resolveNetwork(frame)
  const { dimension } = landscape
  const vocabulary = { variables: null, dimension, parameters: new Set<string>(), quantities: eventQuantities }
  return { landscape, data, minima, vocabulary }
}

function ofPreset(frame: Frame): ResolvedLandscape {
  const { resolved } = collectParts({
    data: () =>
      collectEach(['data', 'batch', 'sampling'], (word) => {
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
  const sketch = once((): Pick<UnparsedLandscape, 'size' | 'parameterNames'> => sketches[kind()](frame))
  return {
    landscape: {
      get kind() {
        return kind() === 'network' ? 'network' : 'formula'
      },
      get dimension() {
        return sketch().size().dimension
      },
      get variables() {
        return sketch().size().variables
      },
      get parameters() {
        throw consequentialMistake()
      },
    } as unknown as Landscape,
    get data() {
      if (kind() === 'preset') return null
      throw consequentialMistake()
    },
    get minima() {
      return soundMinima(frame, kind(), sketch().size().dimension)
    },
    get vocabulary() {
      const { size, parameterNames } = sketch()
      return { ...size(), parameters: new Set(parameterNames()), quantities: eventQuantities }
    },
  }
}

function soundMinima(frame: Frame, kind: (typeof landscapeKinds)[number], dimension: number): Minima {
  const known = kind === 'preset' ? presetMinima(frame) : noMinima
  const holders = kind === 'preset' ? [frame] : [frame.inner(kind), frame]
  const broken = [...known.broken]
  const places = new Map<string, Path>()
  const points = (key: 'minima' | 'points') =>
    holders.flatMap((holder) => {
      const own = holder.inner(key)
      return Object.keys(own.object).flatMap((name): Minimum[] => {
        const point = validOrNull(() => resolvePoint(own, name, dimension))
        if (point === null) broken.push(name)
        return point === null ? [] : [[name, point]]
      })
    })
  const all = points('minima')
  const others = known.all.filter(([name]) => !all.some(([own]) => own === name))
  return { all: [...others, ...all], absent: known.absent, points: points('points'), broken, places }
}

function presetMinima(frame: Frame): Minima {
  const made = validOrNull(() => sketchOfPreset(frame).minima())
  if (made !== null) return made
  const preset = presetNamed(String(frame.get('preset')))
  if (preset === undefined) throw consequentialMistake()
  return { ...noMinima, broken: Object.keys(preset.minima) }
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

import type { FormulaLandscape, Landscape } from '../cell.ts'
import { type PreparedTable, referenceTo } from '../data.ts'
import { placed } from '../document/source.ts'
import type { Path } from '../document/value.ts'
import { Mistake, misplacedKey } from '../errors.ts'
import { keys, quantity, text } from '../field/field.ts'
import { type Frame, onlyOne } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { Scope } from '../field/scope.ts'
import { createSharedResources } from '../field/sharedResources.ts'
import { checkCount, checkName, eventQuantities, reservedNames, rewrite, type Vocabulary } from '../field/vocabulary.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts, consequentialMistake, once, reported, validOrNull } from '../mistakes.ts'
import { presetNamed, presets } from '../presets/presets.ts'
import { holderOf, resolveBatch } from './batch.ts'
import { checkMinima } from './checkMinima.ts'
import { type FormulaColumns, formulaColumns } from './columns.ts'
import { dataParts, parameters, pointParts } from './fields.ts'
import { formulaSchema, sketchOfFormula, sketchOfPreset, type UnparsedLandscape } from './formula.ts'
import { type Minima, type Minimum, noMinima, type ResolvedLandscape, resolvePoint, withOwnMinima } from './minima.ts'
import { checkLetNames, networkSchema, networkSketch, resolveNetwork } from './network.ts'

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
  const resolved =
    kind === 'network' ? ofNetwork(scope, frame) : kind === 'preset' ? ofPreset(scope, frame) : ofFormula(scope, frame)
  checkMinima(scope, resolved)
  return resolved
}

function ofNetwork(scope: Scope, frame: Frame): ResolvedLandscape {
  const { landscape, data, minima } = resolveNetwork(scope, frame)
  const { dimension } = landscape
  const vocabulary = { variables: null, dimension, parameters: new Set<string>(), quantities: eventQuantities }
  return { landscape, data, minima, vocabulary }
}

function ofPreset(scope: Scope, frame: Frame): ResolvedLandscape {
  const sketch = sketchOfPreset(scope, frame)
  const { resolved } = collectParts({
    data: () =>
      collectEach(['data', 'batch', 'sampling'], (word) => {
        const hint = 'a preset takes no data: write a formula over the columns of the data, or a network'
        if (frame.get(word) !== undefined) throw misplacedKey(frame.at(word), hint)
      }),
    resolved: () => resolvedFormula(scope, frame, { sketch, path: frame.at('preset'), columns: null }),
  })
  return resolved
}

function ofFormula(scope: Scope, landscape: Frame): ResolvedLandscape {
  const sketch = sketchOfFormula(scope, landscape)
  const path = sketch.frame.at('expression')
  const holder = holderOf('data', sketch.frame, landscape)
  const columns = holder === null ? null : once(() => formulaColumns(scope, holder.inner('data')))
  return resolvedFormula(scope, landscape, { sketch, path, columns })
}

function resolvedFormula(
  scope: Scope,
  frame: Frame,
  {
    sketch,
    path,
    columns,
  }: { readonly sketch: UnparsedLandscape; readonly path: Path; readonly columns: (() => FormulaColumns) | null },
): ResolvedLandscape {
  const known = once(() => scope.expressions.formula(sketch.text(), path))
  const used = once(() => {
    if (columns === null) return []
    const { names } = columns()
    return names.filter((name) => known().names.has(name)).sort()
  })
  const samples = once(() => samplesOf(columns, used()))
  const vocabulary = once((): Omit<Vocabulary, 'quantities'> => {
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
      return rewrite(text, { ...vocabulary(), quantities: used() }, scope, path)
    },
    batch: () => resolveBatch(scope, sketch.frame, frame, columns === null ? null : () => samples()!.table.rows),
    minima: () => {
      const { inside, size } = collectParts({ inside: sketch.minima, size: sketch.size })
      return withOwnMinima(scope, frame, inside, size.dimension)
    },
  })
  scope.library.prepared.add(parts.samples)
  const landscape: FormulaLandscape = {
    kind: 'formula',
    dimension: parts.size.dimension,
    variables: parts.size.variables,
    expression: parts.expression,
    parameters: [...parts.parameters].sort(([a], [b]) => (a < b ? -1 : 1)),
    data: parts.samples === null ? null : { ...referenceTo(parts.samples), columns: used() },
    batch: parts.batch,
  }
  const ofEvents = { ...vocabulary(), quantities: eventQuantities }
  return { landscape, data: parts.samples?.table ?? null, minima: parts.minima, vocabulary: ofEvents }
}

function samplesOf(columns: (() => FormulaColumns) | null, used: readonly string[]): PreparedTable | null {
  if (columns === null) return null
  if (used.length > 0) return columns().table(used)
  const { names, path } = columns()
  const reason = 'the expression uses none of the columns of the data'
  throw new Mistake('DATA', path, { reason, hint: `use at least one column: ${names.slice(0, 24).join(', ')}` })
}

/**
 * Checks that coordinates, used columns, parameters and `let` values have different names. Only a `let` value may have
 * the name of a parameter, as in `c: "= c"`.
 */
function checkNames(
  scope: Scope,
  { size, parameterNames, frame }: UnparsedLandscape,
  used: () => readonly string[],
  columns: (() => FormulaColumns) | null,
): void {
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

/**
 * The known parts of a landscape that has mistakes, so that starts and events can be checked too. Reading an unknown
 * part throws an empty list of mistakes (see `consequentialMistake`).
 */
export function outlineOf(scope: Scope): ResolvedLandscape {
  const frame = scope.root.inner('landscape')
  const kind = once(() => onlyOne(frame, landscapeKinds))
  const sketches = { preset: sketchOfPreset, formula: sketchOfFormula, network: networkSketch }
  const sketch = once((): Pick<UnparsedLandscape, 'size' | 'parameterNames'> => sketches[kind()](scope, frame))
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
      return soundMinima(scope, frame, kind(), sketch().size().dimension)
    },
    get vocabulary() {
      const { size, parameterNames } = sketch()
      return { ...size(), parameters: new Set(parameterNames()), quantities: eventQuantities }
    },
  }
}

function soundMinima(scope: Scope, frame: Frame, kind: (typeof landscapeKinds)[number], dimension: number): Minima {
  const known = kind === 'preset' ? presetMinima(scope, frame) : noMinima
  const holders = kind === 'preset' ? [frame] : [frame.inner(kind), frame]
  const broken = [...known.broken]
  const places = new Map<string, Path>()
  const points = (key: 'minima' | 'points') =>
    holders.flatMap((holder) => {
      const own = holder.inner(key)
      return Object.keys(own.object).flatMap((name): Minimum[] => {
        const point = validOrNull(() => resolvePoint(scope, own, name, dimension))
        if (point === null) broken.push(name)
        return point === null ? [] : [[name, point]]
      })
    })
  const all = points('minima')
  const others = known.all.filter(([name]) => !all.some(([own]) => own === name))
  return { all: [...others, ...all], absent: known.absent, points: points('points'), broken, places }
}

function presetMinima(scope: Scope, frame: Frame): Minima {
  const made = validOrNull(() => sketchOfPreset(scope, frame).minima())
  if (made !== null) return made
  const preset = presetNamed(String(frame.get('preset')))
  if (preset === undefined) throw consequentialMistake()
  return { ...noMinima, broken: preset.minima.map(({ name }) => name) }
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
  const source = { value, place: () => ({ source: preset, line: null, column: null }) }
  return reported(() =>
    placed(
      () => source,
      () => {
        const { landscape, minima } = landscapeOf(new Scope(value, createSharedResources()))
        return { landscape: landscape as FormulaLandscape, minima: minima.all }
      },
    ),
  )
}

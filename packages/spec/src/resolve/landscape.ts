import type { Batch, FormulaLandscape, Landscape } from '../cell.ts'
import type { DataTable } from '../data.ts'
import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'
import { limits } from '../limits.ts'
import { holderOf, resolveBatch } from './batch.ts'
import { formulaColumns } from './columns.ts'
import type { KnownExpression } from './expressions.ts'
import type { Frame } from './frame.ts'
import { onlyOne } from './keys.ts'
import { type Minima, withOwnMinima } from './minima.ts'
import { checkCount, checkName } from './names.ts'
import { resolveNetwork } from './network.ts'
import type { Scope } from './scope.ts'
import { type Sketch, sketchOfFormula, sketchOfPreset } from './sketch.ts'
import { eventQuantities, rewrite, type Vocabulary } from './vocabulary.ts'

/** A landscape with what starts and events need to know of it. */
export interface ResolvedLandscape {
  readonly landscape: Landscape
  readonly data: DataTable | null
  readonly minima: Minima
  readonly vocabulary: Vocabulary
}

const kinds = ['preset', 'formula', 'network'] as const

export function resolveLandscape(scope: Scope): ResolvedLandscape {
  const frame = scope.root.inner('landscape')
  const kind = onlyOne(frame, kinds)
  if (kind === 'network') return ofNetwork(scope, frame)
  return kind === 'preset' ? ofPreset(scope, frame) : ofFormula(scope, frame)
}

function ofNetwork(scope: Scope, frame: Frame): ResolvedLandscape {
  const { landscape, data } = resolveNetwork(scope, frame)
  const taken = new Map(takenByList)
  for (const name of scope.letNames) checkName(name, ['let', name], taken)
  const { dimension } = landscape
  const none: Minima = { all: [], absent: [] }
  const inside = withOwnMinima(scope, frame.inner('network').inner('minima'), none, dimension)
  const minima = withOwnMinima(scope, frame.inner('minima'), inside, dimension)
  const vocabulary = { variables: null, dimension, parameters: new Set<string>(), quantities: eventQuantities }
  return { landscape, data, minima, vocabulary }
}

function ofPreset(scope: Scope, frame: Frame): ResolvedLandscape {
  for (const word of ['data', 'batch', 'sampling']) {
    const hint = 'a preset has no data: write a formula over the columns of the data, or a network'
    if (frame.get(word) !== undefined) throw new Mistake('UNKNOWN_KEY', frame.at(word), { word, hint }, 'key')
  }
  const sketch = sketchOfPreset(scope, frame)
  checkNames(scope, sketch, [])
  const known = scope.expressions.formula(sketch.text, frame.at('preset'))
  return resolved(scope, frame, sketch, frame.at('preset'), known, { reference: null, table: null, batch: null })
}

function ofFormula(scope: Scope, landscape: Frame): ResolvedLandscape {
  const sketch = sketchOfFormula(scope, landscape)
  const path = sketch.frame.at('expression')
  const known = scope.expressions.formula(sketch.text, path)
  const holder = holderOf('data', sketch.frame, landscape)
  if (holder === null) {
    checkNames(scope, sketch, [])
    const batch = resolveBatch(scope, sketch.frame, landscape, null)
    return resolved(scope, landscape, sketch, path, known, { reference: null, table: null, batch })
  }
  const columns = formulaColumns(scope, holder.inner('data'))
  const used = columns.names.filter((name) => known.names.has(name)).sort()
  checkNames(scope, sketch, used, columns.path)
  if (used.length === 0) {
    const reason = 'the expression uses no column of the data'
    throw new Mistake('DATA', columns.path, { reason, hint: `it may name ${columns.names.slice(0, 24).join(', ')}` })
  }
  const table = columns.table(used)
  const { hash, rows } = table
  const batch = resolveBatch(scope, sketch.frame, landscape, rows)
  return resolved(scope, landscape, sketch, path, known, { reference: { hash, rows, columns: used }, table, batch })
}

interface Samples {
  readonly reference: FormulaLandscape['data']
  readonly table: DataTable | null
  readonly batch: Batch | null
}

function resolved(
  scope: Scope,
  frame: Frame,
  sketch: Sketch,
  path: Path,
  known: KnownExpression,
  { reference, table, batch }: Samples,
): ResolvedLandscape {
  const { variables, dimension, parameters } = sketch
  const vocabulary = { variables, dimension, parameters: new Set(parameters.keys()) }
  const ofLoss: Vocabulary = { ...vocabulary, quantities: reference?.columns ?? [] }
  const landscape: FormulaLandscape = {
    kind: 'formula',
    dimension,
    variables,
    expression: rewrite(known, ofLoss, (name) => scope.letNumber(name), scope.letNames, path),
    parameters: [...parameters].sort(([a], [b]) => (a < b ? -1 : 1)),
    data: reference,
    batch,
  }
  const minima = withOwnMinima(scope, frame.inner('minima'), sketch.minima, dimension)
  return { landscape, data: table, minima, vocabulary: { ...vocabulary, quantities: eventQuantities } }
}

const takenByList = [
  ['x', 'it is the list of coordinates'],
  ['d', 'it is the dimension'],
] as const

/**
 * One name, one meaning, among coordinates, columns that are used, parameters and let names. A let name may be a
 * parameter too: `c: "= c"`.
 */
function checkNames(
  scope: Scope,
  { variables, parameters, frame }: Sketch,
  columns: readonly string[],
  columnPath: Path = [],
): void {
  const taken = new Map<string, string>(variables === null ? takenByList : [])
  if (frame.get('preset') === undefined) {
    for (const [i, name] of (variables ?? []).entries()) {
      checkName(name, [...frame.at('variables'), i], taken)
      taken.set(name, 'it is a coordinate')
    }
    for (const name of columns) {
      checkName(name, columnPath, taken)
      taken.set(name, 'it is a column of the data')
    }
    const own = frame.inner('parameters')
    for (const name of parameters.keys()) checkName(name, own.at(name), taken)
  } else for (const name of variables ?? []) taken.set(name, 'it is a coordinate')
  for (const name of scope.letNames) checkName(name, ['let', name], taken)
  checkCount(parameters.size, limits.minima, 'parameters', frame.at('parameters'))
}

import { differentiate, type Expression, expand, FormulaError, fold, parse, simplify } from '@driftfarm/formula'
import type { Batch, Cell, DataReference, FormulaLandscape } from '@driftfarm/spec'
import { KernelError } from './error.ts'
import { type RuleExpressions, ruleExpressions } from './rule.ts'
import { type Scales, scalesOf } from './schedule.ts'

/** Up to here every coordinate has its own code; beyond, code loops over coordinates and its size is constant. */
const LARGEST_UNROLLED_DIMENSION = 8
const LARGEST_UNROLLED_NODES = 8000
const LARGEST_GRADIENT_NODES = 100_000

/** Name of the coordinate index in a gradient in gather form: one that no user can write. */
export const coordinateIndex = 'k$'

/**
 * The expressions of a cell as they are computed, operation by operation: the one source of the generated code and
 * of the slow reference, which therefore agree bit for bit.
 */
export interface Model {
  readonly cell: Cell
  readonly dimension: number
  readonly parameters: ReadonlyMap<string, number>
  /** 0-based coordinate by variable name; empty where coordinates are x[1] .. x[d]. */
  readonly variables: ReadonlyMap<string, number>
  /** Whether coordinates are in locals, all sums over them written out and each has a gradient of its own. */
  readonly unrolled: boolean
  /** Loss and gradient where they are expressions in theta: one partial a coordinate if unrolled, else one over `coordinateIndex`. Null: functions of their own (`emit/landscape.ts`, `reference/loss.ts`). */
  readonly formula: { readonly loss: Expression; readonly gradient: readonly Expression[] } | null
  /** Loss and gradient of one sample, of which the landscape is the mean; one partial a coordinate if `flat`, else one over `coordinateIndex`. */
  readonly sampled: {
    readonly loss: Expression
    readonly gradient: readonly Expression[]
    readonly flat: boolean
    readonly columns: readonly string[]
  } | null
  readonly exits: readonly Expression[]
  readonly convergeWhen: Expression | null
  readonly marks: readonly Expression[]
  readonly classes: readonly Expression[]
  /** One a drift entry: when it acts, or null for always. */
  readonly when: readonly (Expression | null)[]
  readonly rule: RuleExpressions
  /** Over `n`, with parameters of their own. */
  readonly scales: Scales
}

export function modelOf(cell: Cell): Model {
  const { landscape, trial } = cell
  const { dimension } = landscape
  const read = ([, text]: readonly [string, string]) => simplify(parse(text))
  const events = {
    exits: trial.escape?.kind === 'exits' ? trial.escape.exits.map(read) : [],
    convergeWhen: trial.converge?.kind === 'when' ? simplify(parse(trial.converge.when)) : null,
    marks: trial.marks.map(read),
    classes: trial.classify.map(read),
    when: cell.update.drift.map(({ when }) => (when === null ? null : simplify(parse(when)))),
  }
  checkShapes(cell)
  const base = {
    cell,
    dimension,
    parameters: new Map(landscape.parameters),
    variables: new Map((landscape.variables ?? []).map((name, index) => [name, index] as const)),
    rule: ruleExpressions(cell.update.rule, cell.trial.warmup),
    scales: scalesOf(cell),
  }
  if (landscape.kind === 'network' && landscape.loss === 'cross-entropy' && landscape.output === 'identity') {
    throw new KernelError('EXPRESSION', 'cross-entropy of an output that is no probability')
  }
  if (landscape.kind === 'population' && landscape.teachers > landscape.inputs) {
    throw new KernelError('RANGE', `${landscape.teachers} orthonormal teachers of ${landscape.inputs} inputs`)
  }
  if (landscape.kind !== 'formula') {
    return Object.freeze({ ...base, ...events, unrolled: false, formula: null, sampled: null })
  }
  const loss = simplify(parse(landscape.expression))
  const unrolled = unrolledModel(base, landscape, loss, events)
  const model = unrolled ?? loopedModel(base, loss, events)
  if (landscape.data === null) return Object.freeze(model)
  const { columns } = landscape.data
  const sampled = { ...model.formula!, flat: unrolled !== null, columns }
  return Object.freeze({ ...base, ...events, unrolled: false, formula: null, sampled })
}

/** A matrix of 256 rows takes a megabyte a lane, and its eigenvalues a second. */
const largestSpectralDimension = 256

function checkShapes(cell: Cell): void {
  for (const entry of cell.update.drift) {
    if (entry.form !== 'anisotropic' || entry.shape.kind === 'matrix' || entry.shape.kind === 'diagonal') continue
    const { dimension } = cell.landscape
    if (dimension > largestSpectralDimension) {
      throw new KernelError('RANGE', `a ${entry.shape.kind} in ${dimension} dimensions; at most 256`)
    }
    if (entry.shape.kind === 'covariance' && samplesOf(cell) === null) {
      throw new KernelError('EXPRESSION', 'the covariance of the gradient over samples, of a landscape without data')
    }
  }
}

/** The samples of a cell: which they are, numbers in each, and how many a step draws (null: all, in order). */
export interface Samples extends DataReference {
  readonly columns: number
  readonly batch: Batch | null
}

export function samplesOf({ landscape }: Cell): Samples | null {
  if (landscape.kind === 'population' || landscape.data === null) return null
  const { hash, rows } = landscape.data
  const columns =
    landscape.kind === 'network' ? landscape.layers[0]! + landscape.layers.at(-1)! : landscape.data.columns.length
  return { hash, rows, columns, batch: landscape.batch }
}

/** theta_0 where it is a point. */
export function referencePoint({ cell: { start } }: Model): readonly number[] {
  if (start.kind !== 'point') throw new KernelError('EXPRESSION', `a start of kind ${start.kind}`)
  return start.point
}

type Base = Pick<Model, 'cell' | 'dimension' | 'parameters' | 'variables' | 'rule' | 'scales'>
type Events = Pick<Model, 'exits' | 'convergeWhen' | 'marks' | 'classes' | 'when'>

function unrolledModel(base: Base, { variables }: FormulaLandscape, loss: Expression, events: Events): Model | null {
  if (variables !== null) {
    const gradient = partialsOf(loss, variables)
    return { ...base, ...events, unrolled: true, formula: { loss, gradient }, sampled: null }
  }
  if (base.dimension > LARGEST_UNROLLED_DIMENSION) return null
  try {
    const open = (e: Expression) => simplify(expand(e))
    const flat = open(loss)
    const opened: Events = {
      exits: events.exits.map(open),
      convergeWhen: events.convergeWhen === null ? null : open(events.convergeWhen),
      marks: events.marks.map(open),
      classes: events.classes.map(open),
      when: events.when.map((e) => (e === null ? null : open(e))),
    }
    const gradient = Array.from({ length: base.dimension }, (_, i) =>
      differentiate(flat, { name: 'x', index: { kind: 'number', value: i + 1 }, length: base.dimension }),
    )
    const model = { ...base, ...opened, unrolled: true, formula: { loss: flat, gradient }, sampled: null }
    return countNodesOf(model) > LARGEST_UNROLLED_NODES ? null : model
  } catch (error) {
    // Written out it would be larger than any expression may be.
    if (error instanceof FormulaError) return null
    throw error
  }
}

/** One partial a variable. What a product of a thousand variables comes to would fill all memory: a million factors. */
function partialsOf(loss: Expression, variables: readonly string[]): Expression[] {
  let nodes = 0
  return variables.map((name) => {
    const partial = differentiate(loss, { name })
    nodes += expandedNodes(partial, variables.length)
    if (nodes > LARGEST_GRADIENT_NODES) {
      throw new KernelError(
        'EXPRESSION',
        `its ${variables.length} partial derivatives take more than ${LARGEST_GRADIENT_NODES} operations; write long products and sums over x[i]`,
      )
    }
    return partial
  })
}

function loopedModel(base: Base, loss: Expression, events: Events): Model {
  const index: Expression = { kind: 'name', name: coordinateIndex }
  const gather = differentiate(loss, { name: 'x', index, length: base.dimension })
  return { ...base, ...events, unrolled: false, formula: { loss, gradient: [gather] }, sampled: null }
}

/** Nodes that a step computes, terms of sums one by one. */
export function countNodesOf(model: Model): number {
  const { exits, marks, convergeWhen, dimension } = model
  const watched = [
    ...(model.formula?.gradient ?? []),
    ...exits,
    ...marks,
    ...(convergeWhen === null ? [] : [convergeWhen]),
  ]
  return watched.reduce((sum, e) => sum + expandedNodes(e, dimension), 0)
}

/** Nodes once sums are written out; one whose bounds are no literals is taken to run over all coordinates. */
function expandedNodes(e: Expression, dimension: number): number {
  return fold<number>(e, (node, counts) => {
    if (node.kind !== 'reduce') return counts.reduce((total, count) => total + count, 1)
    const { from, to } = node
    const terms = from.kind === 'number' && to.kind === 'number' ? Math.max(1, to.value - from.value + 1) : dimension
    return terms * (1 + counts[2]!)
  })
}

import {
  build,
  cachedFold,
  countNodes,
  differentiate,
  type Expression,
  expand,
  FormulaError,
  nodeCounter,
  parse,
  partials,
  Simplifier,
  simplify,
  substitute,
} from '@driftfarm/formula'
import {
  type Batch,
  type Cell,
  type DataReference,
  type FormulaLandscape,
  KERNEL_VERSION,
  kernelOf,
} from '@driftfarm/spec'
import { KernelError } from '../error.ts'
import { type RuleExpressions, ruleExpressions } from './rule.ts'
import { type Scales, scalesOf } from './schedule.ts'

/** Up to here every coordinate has its own code; beyond, code loops over coordinates and its size is constant. */
const LARGEST_UNROLLED_DIMENSION = 8
const LARGEST_UNROLLED_NODES = 8000
/** Of loss and conditions together: eight expressions of the largest size; those that a spec can hold would take seconds to read. */
const LARGEST_NODES = 80_000
/** Of all partials together, what they share counted once. */
const LARGEST_GRADIENT_OPERATIONS = 25_000
/**
 * Loss and gradient of more nodes are functions of their own. Else the code has them five times, where steps, events and
 * records ask for them, which shares what they have in common, and a call and coordinates in memory are saved.
 */
const LARGEST_INLINE_NODES = 1000

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
  /** Loss and gradient where they are expressions in theta: one partial a coordinate if unrolled, else one over `coordinateIndex`. Null: functions of their own (`emit/landscape.ts`, `scalar/loss.ts`). */
  readonly formula: { readonly loss: Expression; readonly gradient: readonly Expression[] } | null
  /** The same where they are so long that the code has them once, as functions of their own; one partial a coordinate if `flat`, else one over `coordinateIndex`. */
  readonly long: { readonly loss: Expression; readonly gradient: readonly Expression[]; readonly flat: boolean } | null
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
  /** What splitting climbs by; null with any other method. */
  readonly score: Expression | null
  /** What a tilt adds to the noise of each coordinate, over `partialName`s besides; empty with any other method. */
  readonly shifts: readonly Expression[]
  /** One a drift entry: when it acts, or null for always. */
  readonly when: readonly (Expression | null)[]
  readonly rule: RuleExpressions
  /** Over `n`, with parameters of their own. */
  readonly scales: Scales
}

export function modelOf(cell: Cell): Model {
  checkVersion(cell)
  const { landscape, trial } = cell
  const { dimension } = landscape
  const parsed = parsedTexts(cell)
  const simplifier = new Simplifier()
  const simplified = (text: string) => simplify(parsed.get(text)!, simplifier)
  const read = ([, text]: readonly [string, string]) => simplified(text)
  const events = {
    exits: trial.escape?.kind === 'exits' ? trial.escape.exits.map(read) : [],
    convergeWhen: trial.converge?.kind === 'when' ? simplified(trial.converge.when) : null,
    marks: trial.marks.map(read),
    classes: trial.classify.map(read),
    score: cell.method.kind === 'splitting' ? simplified(cell.method.score) : null,
    shifts: shiftsOf(cell).map((text, i) => simplify(withPartial(parsed.get(text)!, i), simplifier)),
    when: cell.update.drift.map(({ when }) => (when === null ? null : simplified(when))),
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
    return Object.freeze({ ...base, ...events, unrolled: false, formula: null, long: null, sampled: null })
  }
  const { model, unrolled } = atExpression(() => {
    const loss = simplified(landscape.expression)
    const unrolled = unrolledModel(base, landscape, loss, events)
    return { unrolled: unrolled !== null, model: unrolled ?? loopedModel(base, loss, events) }
  })
  const apart = { ...model, unrolled: false, formula: null }
  if (landscape.data !== null) {
    const { columns } = landscape.data
    return Object.freeze({ ...apart, ...events, sampled: { ...model.formula!, flat: unrolled, columns } })
  }
  if (nodesOf(model.formula!) <= LARGEST_INLINE_NODES && (unrolled || events.shifts.length === 0))
    return Object.freeze(model)
  if (events.shifts.length > 0)
    throw new KernelError(
      'EXPRESSION',
      'a tilt of a landscape whose gradient is too long to be written out; splitting has no such limit',
    )
  return Object.freeze({ ...apart, long: { ...model.formula!, flat: unrolled } })
}

/** Cells keep the version that they were made with; what a later one changed of them this kernel has not any more. */
export function isComputable({ kernel, trial }: Cell): boolean {
  return kernel >= kernelOf(trial) && kernel <= KERNEL_VERSION
}

function checkVersion(cell: Cell): void {
  const { kernel, trial } = cell
  if (isComputable(cell)) return
  throw new KernelError(
    'VERSION',
    kernel > KERNEL_VERSION
      ? `made by version ${kernel}, and this is ${KERNEL_VERSION}: take a newer driftfarm`
      : `made by version ${kernel}, whose way to compare ends of descents this one has not; run its spec again, which makes a cell of version ${kernelOf(trial)}`,
  )
}

/** A shift of this size or more, or that is no number, is none: its square would not be finite, nor would the weight. */
export const shiftLimit = 1e150

function shiftsOf({ method }: Cell): readonly string[] {
  return method.kind === 'tilt' ? method.shifts : []
}

/** What `g` is in the shift of a coordinate, 0-based: a name that no user can write. */
export function partialName(coordinate: number): string {
  return `g$${coordinate}`
}

function withPartial(shift: Expression, coordinate: number): Expression {
  return substitute(shift, new Map([['g', build.name(partialName(coordinate))]]))
}

/** What each text of loss and conditions says; so many that they are too large are refused before work goes into one. */
function parsedTexts({ landscape, trial, update, method }: Cell): ReadonlyMap<string, Expression> {
  const texts = [
    ...(trial.escape?.kind === 'exits' ? trial.escape.exits : []).map(([, text]) => text),
    ...(trial.converge?.kind === 'when' ? [trial.converge.when] : []),
    ...[...trial.marks, ...trial.classify].map(([, text]) => text),
    ...update.drift.flatMap(({ when }) => when ?? []),
    ...(method.kind === 'splitting' ? [method.score] : []),
    ...(method.kind === 'tilt' ? method.shifts : []),
    ...(landscape.kind === 'formula' ? [landscape.expression] : []),
  ]
  const parsed = new Map<string, Expression>()
  let nodes = 0
  for (const text of texts) {
    const e = parsed.get(text) ?? parse(text)
    parsed.set(text, e)
    nodes += countNodes(e)
    if (nodes > LARGEST_NODES) {
      throw new KernelError(
        'EXPRESSION',
        `loss and conditions together have more than ${LARGEST_NODES} nodes; write repeated terms as sum(i, from, to, ...), or ask for less`,
      )
    }
  }
  return parsed
}

/** Errors of the formula of the landscape say where it stands, and the way out. */
function atExpression<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error
    const { message, hint } = error
    throw new KernelError(
      'EXPRESSION',
      `landscape.formula.expression: ${message}; ${hint ?? 'write fewer terms, or take fewer coordinates'}`,
    )
  }
}

function nodesOf({ loss, gradient }: NonNullable<Model['formula']>): number {
  const count = nodeCounter()
  return gradient.reduce((sum, partial) => sum + count(partial), count(loss))
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
type Events = Pick<Model, 'exits' | 'convergeWhen' | 'marks' | 'classes' | 'score' | 'shifts' | 'when'>

function unrolledModel(base: Base, { variables }: FormulaLandscape, loss: Expression, events: Events): Model | null {
  if (variables !== null) {
    const gradient = partialsOf(loss, variables)
    return { ...base, ...events, unrolled: true, formula: { loss, gradient }, long: null, sampled: null }
  }
  if (base.dimension > LARGEST_UNROLLED_DIMENSION) return null
  try {
    const simplifier = new Simplifier()
    const open = (e: Expression) => simplify(expand(e), simplifier)
    const flat = open(loss)
    const opened: Events = {
      exits: events.exits.map(open),
      convergeWhen: events.convergeWhen === null ? null : open(events.convergeWhen),
      marks: events.marks.map(open),
      classes: events.classes.map(open),
      score: events.score === null ? null : open(events.score),
      shifts: events.shifts.map(open),
      when: events.when.map((e) => (e === null ? null : open(e))),
    }
    const coordinates = Array.from({ length: base.dimension }, (_, i) => ({
      name: 'x',
      index: build.number(i + 1),
      length: base.dimension,
    }))
    const gradient: Expression[] = []
    const nodesOf = nodeCounter()
    let nodes = 0
    for (const partial of partials(flat, coordinates)) {
      gradient.push(partial)
      nodes += nodesOf(partial)
      if (nodes > LARGEST_UNROLLED_NODES) return null
    }
    const model = { ...base, ...opened, unrolled: true, formula: { loss: flat, gradient }, long: null, sampled: null }
    return countNodesOf(model) > LARGEST_UNROLLED_NODES ? null : model
  } catch (error) {
    // Written out it would be larger than any expression may be.
    if (error instanceof FormulaError) return null
    throw error
  }
}

/** One partial a variable. What a product of a thousand variables comes to would fill all memory: a million factors. */
function partialsOf(loss: Expression, variables: readonly string[]): Expression[] {
  const gradient: Expression[] = []
  let operations = 0
  const count = cachedFold<null>(() => {
    operations++
    return null
  })
  for (const partial of partials(
    loss,
    variables.map((name) => ({ name })),
  )) {
    gradient.push(partial)
    count(partial)
    if (operations > LARGEST_GRADIENT_OPERATIONS) {
      throw new KernelError(
        'EXPRESSION',
        `landscape.formula.expression: its ${variables.length} partial derivatives take more than ${LARGEST_GRADIENT_OPERATIONS} operations; write long products and sums over x[i]`,
      )
    }
  }
  return gradient
}

function loopedModel(base: Base, loss: Expression, events: Events): Model {
  const index: Expression = { kind: 'name', name: coordinateIndex }
  const gather = differentiate(loss, { name: 'x', index, length: base.dimension })
  return { ...base, ...events, unrolled: false, formula: { loss, gradient: [gather] }, long: null, sampled: null }
}

/** Nodes that a step computes, terms of sums one by one. */
export function countNodesOf(model: Model): number {
  const known = counted.get(model)
  if (known !== undefined) return known
  const { exits, marks, convergeWhen, score, dimension } = model
  const watched = [
    ...((model.formula ?? model.long)?.gradient ?? []),
    ...exits,
    ...marks,
    ...(convergeWhen === null ? [] : [convergeWhen]),
    ...(score === null ? [] : [score]),
  ]
  const nodesOf = expandedNodes(dimension)
  const nodes = watched.reduce((sum, e) => sum + nodesOf(e), 0)
  counted.set(model, nodes)
  return nodes
}

const counted = new WeakMap<Model, number>()

/** Nodes once sums are written out; one whose bounds are no literals is taken to run over all coordinates. */
function expandedNodes(dimension: number): (e: Expression) => number {
  return cachedFold<number>((node, counts) => {
    if (node.kind !== 'reduce') return counts.reduce((total, count) => total + count, 1)
    const { from, to } = node
    const terms = from.kind === 'number' && to.kind === 'number' ? Math.max(1, to.value - from.value + 1) : dimension
    return terms * (1 + counts[2]!)
  })
}

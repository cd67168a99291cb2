import {
  build,
  countNodes,
  type Expression,
  expand,
  FormulaError,
  nodeCounter,
  nullIf,
  parse,
  partials,
  Simplifier,
  simplify,
  substitute,
} from '@driftfarm/formula'
import type { Cell, FormulaLandscape } from '@driftfarm/spec'
import { KernelError } from '../error.ts'
import { checkVersion } from './cell.ts'
import { type ByKind, conditionsIn } from './conditions.ts'
import {
  atExpression,
  type Condition,
  countNodesOf,
  type Formula,
  isShort,
  LARGEST_UNROLLED_DIMENSION,
  LARGEST_UNROLLED_NODES,
  loopedSlope,
  partialsOf,
} from './formula.ts'
import { type RuleExpressions, ruleExpressions } from './rule.ts'
import { type Scales, scalesOf } from './schedule.ts'

/**
 * The generated code and the scalar reference are both made from these expressions. The order of operations is fixed,
 * so the results agree bit for bit.
 */
export interface Model extends Base, Conditions {
  readonly formula: Formula
  /**
   * Whether the generated code keeps coordinates in local variables. If it does, all sums over coordinates are written
   * out term by term.
   */
  readonly unrolled: boolean
}

interface Base {
  readonly cell: Cell
  readonly dimension: number
  readonly parameters: ReadonlyMap<string, number>
  /** Indices of coordinates, counted from 0, by variable name. Empty if coordinates are called x[1] .. x[d]. */
  readonly variables: ReadonlyMap<string, number>
  readonly rule: RuleExpressions
  readonly scales: Scales
}

interface Conditions {
  readonly conditions: ByKind<Condition>
  readonly score: Expression | null
  /** In the shift of coordinate i, the name `partialName(i)` stands for partial derivative i of the loss. */
  readonly shifts: readonly Expression[]
  /** For each drift entry, the condition under which the entry acts; null if the entry always acts. */
  readonly when: readonly (Expression | null)[]
  /** The values that the request observes. They change nothing else of the model. */
  readonly observed: readonly Expression[]
}

/** `observed` lists the values that the request observes (`observed.ts`). */
export function modelOf(cell: Cell, observed: readonly string[] = []): Model {
  checkVersion(cell)
  const { landscape } = cell
  const parsed = textReader()
  const simplifier = new Simplifier()
  const simplified = (text: string) => simplify(parsed(text), simplifier)
  const shift = (text: string, i: number) =>
    simplify(substitute(parsed(text), new Map([['g', build.name(partialName(i))]])), simplifier)
  const conditions = {
    ...conditionsOf(cell, simplified, shift),
    observed: observed.map((text) => simplify(inCoordinates(parse(text), landscape), simplifier)),
  }
  const base: Base = {
    cell,
    dimension: landscape.dimension,
    parameters: new Map(landscape.parameters),
    variables: new Map((landscape.variables ?? []).map((name, index) => [name, index] as const)),
    rule: ruleExpressions(cell.update.rule, cell.trial.warmup),
    scales: scalesOf(cell),
  }
  if (landscape.kind !== 'formula') return modelWith(base, conditions, { kind: 'none' })
  return atExpression(() => formulaModel(base, landscape, simplified(landscape.expression), conditions))
}

function modelWith(base: Base, conditions: Conditions, formula: Formula): Model {
  return Object.freeze({ formula, unrolled: formula.kind === 'inline' && formula.flat, ...base, ...conditions })
}

function formulaModel(base: Base, landscape: FormulaLandscape, loss: Expression, conditions: Conditions): Model {
  const { slope, opened } = slopeOf(base.dimension, landscape.variables, loss, conditions)
  if (landscape.data !== null)
    return modelWith(base, conditions, { kind: 'sampled', ...slope, columns: landscape.data.columns })
  const tilts = conditions.shifts.length > 0
  if (isShort(slope) && (slope.flat || !tilts)) return modelWith(base, opened, { kind: 'inline', ...slope })
  if (tilts)
    throw new KernelError(
      'EXPRESSION',
      'the expression for the gradient of this landscape is too long for a tilt; use splitting',
    )
  return modelWith(base, opened, { kind: 'function', ...slope })
}

/** If the sums in the gradient are expanded, the sums in the conditions are expanded too. */
function slopeOf(dimension: number, variables: readonly string[] | null, loss: Expression, conditions: Conditions) {
  if (variables !== null)
    return { slope: { loss, gradient: partialsOf(loss, variables), flat: true }, opened: conditions }
  // An expanded expression may exceed the largest size of an expression.
  const short = nullIf(FormulaError, () => unrolled(loss, dimension, conditions))
  return short ?? { slope: loopedSlope(loss, dimension), opened: conditions }
}

/**
 * Expands the loss, its partial derivatives and the conditions. Returns null if the dimension is too large, or if the
 * expanded expressions would be too large.
 */
function unrolled(loss: Expression, dimension: number, conditions: Conditions) {
  if (dimension > LARGEST_UNROLLED_DIMENSION) return null
  const simplifier = new Simplifier()
  const written = (e: Expression) => simplify(expand(e), simplifier)
  const flat = written(loss)
  const opened = { ...mapConditions(conditions, written), observed: [] }
  const coordinates = Array.from({ length: dimension }, (_, i) => ({
    name: 'x',
    index: build.number(i + 1),
    length: dimension,
  }))
  const gradient: Expression[] = []
  const nodesOf = nodeCounter()
  let nodes = 0
  for (const partial of partials(flat, coordinates)) {
    gradient.push(partial)
    nodes += nodesOf(partial)
    if (nodes > LARGEST_UNROLLED_NODES) return null
  }
  const slope = { loss: flat, gradient, flat: true }
  const evaluated = countNodesOf({ dimension, formula: { kind: 'inline', ...slope }, ...opened })
  return evaluated > LARGEST_UNROLLED_NODES
    ? null
    : { slope, opened: { ...opened, observed: expandedValues(conditions) } }
}

/** An observed value that is too long must not change the code of the trial, which decides its bits. */
function expandedValues({ observed }: Conditions): readonly Expression[] {
  const simplifier = new Simplifier()
  try {
    return observed.map((e) => simplify(expand(e), simplifier))
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error
    throw new KernelError('EXPRESSION', `observe: ${error.message}; write a shorter expression in \`value\``)
  }
}

/** In a landscape without names of coordinates, d is the dimension, and x is the only coordinate. */
function inCoordinates(value: Expression, { variables, dimension }: Cell['landscape']): Expression {
  if (variables !== null) return value
  const names = new Map<string, Expression>([['d', build.number(dimension)]])
  if (dimension === 1) names.set('x', build.element('x', build.number(1)))
  return substitute(value, names)
}

function conditionsOf(
  { trial, method, update }: Cell,
  simplified: (text: string) => Expression,
  shift: (text: string, coordinate: number) => Expression,
): Omit<Conditions, 'observed'> {
  const written = conditionsIn(trial)
  return {
    conditions: mapKinds(written, ({ kind, index, timed, text }) => ({ kind, index, timed, when: simplified(text) })),
    score: method.kind === 'splitting' ? simplified(method.score) : null,
    shifts: method.kind === 'tilt' ? method.shifts.map(shift) : [],
    when: update.drift.map(({ when }) => (when === null ? null : simplified(when))),
  }
}

function mapKinds<From, To>(conditions: ByKind<From>, change: (each: From) => To): ByKind<To> {
  return {
    exit: conditions.exit.map(change),
    mark: conditions.mark.map(change),
    converge: conditions.converge.map(change),
    class: conditions.class.map(change),
  }
}

function mapConditions(of: Conditions, change: (e: Expression) => Expression): Omit<Conditions, 'observed'> {
  const orNull = (e: Expression | null) => (e === null ? null : change(e))
  return {
    conditions: mapKinds(of.conditions, (condition) => ({ ...condition, when: change(condition.when) })),
    score: orNull(of.score),
    shifts: of.shifts.map(change),
    when: of.when.map(orNull),
  }
}

/**
 * A shift that is NaN, or whose absolute value is not below this limit, is replaced by 0. Such a shift might make the
 * weight of the trial infinite or NaN.
 */
export const shiftLimit = 1e150

/**
 * In the shift of a coordinate, users write `g` for the partial derivative of the loss. Internally, `g` is replaced
 * by the name that this function returns. Users cannot write that name, because it contains `$`. `coordinate` counts
 * from 0.
 */
export function partialName(coordinate: number): string {
  return `g$${coordinate}`
}

/**
 * Eight times the limit for one expression. Without this limit, reading the expressions of a spec could take seconds.
 */
const LARGEST_NODES = 80_000

/**
 * Returns a function that parses the expressions of a cell. It throws a KernelError as soon as the expressions parsed
 * so far have more than `LARGEST_NODES` nodes.
 */
function textReader(): (text: string) => Expression {
  const parsed = new Map<string, Expression>()
  let nodes = 0
  return (text) => {
    const e = parsed.get(text) ?? parse(text)
    parsed.set(text, e)
    nodes += countNodes(e)
    if (nodes > LARGEST_NODES) {
      throw new KernelError(
        'EXPRESSION',
        `loss and conditions together have more than ${LARGEST_NODES} numbers, names and operators; write repeated ` +
          'terms as sum(i, from, to, ...), or write fewer conditions',
      )
    }
    return e
  }
}

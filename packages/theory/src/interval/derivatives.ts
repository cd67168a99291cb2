import {
  build,
  differentiate,
  type Expression,
  expand,
  FormulaError,
  nullIf,
  parse,
  Simplifier,
  simplify,
} from '@driftfarm/formula'
import { type FormulaLandscape, once, rowReader, type Tables, tableOf } from '@driftfarm/spec'
import type { Box } from './box.ts'
import { add, divide, everything, type Interval, point } from './interval.ts'
import { namesOf, type Places, type Program, program, type Ranges } from './program.ts'

/** Interval bounds on a formula and its derivatives over a box. */
export type Derivatives = ReturnType<typeof boundable>

/** The indices i <= j <= k of each third derivative. */
export function triplesOf(dimension: number): readonly (readonly [number, number, number])[] {
  const all = Array.from({ length: dimension }, (_, i) => i)
  return all.flatMap((i) => all.slice(i).flatMap((j) => all.slice(j).map((k) => [i, j, k] as const)))
}

/** In a higher dimension, bounding the Hessian takes too long. */
const largestDimension = 16

/**
 * With data, bounds are computed for each sample and then averaged. Returns null if the landscape has too many
 * coordinates, or no second derivatives.
 */
export function derivativesOf(landscape: FormulaLandscape, tables: Tables): Derivatives | null {
  return landscape.dimension > largestDimension ? null : nullIf(FormulaError, () => boundable(landscape, tables))
}

/** The coordinates come first, then the columns of a sample. */
export function placesOf({ variables, dimension, data }: FormulaLandscape): Places {
  const names = new Map((variables ?? []).map((name, i) => [name, i] as const))
  data?.columns.forEach((name, i) => {
    names.set(name, dimension + i)
  })
  return { names, first: variables === null ? 0 : null }
}

function boundable(landscape: FormulaLandscape, tables: Tables) {
  const { dimension, variables } = landscape
  const places = placesOf(landscape)
  const simplifier = new Simplifier()
  const loss = simplify(expand(parse(landscape.expression), new Map(landscape.parameters)), simplifier)
  const coordinates = Array.from({ length: dimension }, (_, i) =>
    variables === null ? { name: 'x', index: build.number(i + 1), length: dimension } : { name: variables[i]! },
  )
  const flat = (e: Expression) => simplify(expand(e), simplifier)
  const gradient = coordinates.map((by) => flat(differentiate(loss, by)))
  const upper = gradient.map((partial, i) => coordinates.slice(i).map((by) => flat(differentiate(partial, by))))
  const entry = (i: number, j: number) => upper[Math.min(i, j)]![Math.abs(i - j)]!
  const entries = Array.from({ length: dimension * dimension }, (_, at) =>
    entry(Math.floor(at / dimension), at % dimension),
  )
  const samples = samplesOf(landscape, tables)
  const programOf = (expressions: readonly Expression[]) => program([loss, ...expressions], places)
  const mean = (expressions: readonly Expression[]) => meanOver(programOf(expressions), samples)
  const second = programOf(entries)
  const lossOf = mean([])
  const gradientOf = mean(gradient)
  const hessianOf = meanOver(second, samples)
  const both = programOf([...gradient, ...entries])
  // Two coordinates may depend on each other even if their mixed second derivative is 0. For relu(x - y) it is 0,
  // although the condition x > y mixes x and y. Therefore two coordinates are joined in one block if one of them occurs
  // in the partial derivative by the other.
  const named = gradient.map(namesOf)
  const nameOf = (i: number) => variables?.[i] ?? `${i + 1}`
  const thirdOf = once(() =>
    mean(
      upper.flatMap((row, i) =>
        row.flatMap((entry, j) => coordinates.slice(i + j).map((by) => flat(differentiate(entry, by)))),
      ),
    ),
  )
  const orUnbounded = ({ values, smooth }: { readonly values: readonly Interval[]; readonly smooth: boolean }) =>
    values.slice(1).map((value) => (smooth ? value : everything))
  return {
    dimension,
    /** The coordinates (from 0) whose partial derivative simplifies to 0. */
    idle: coordinates.flatMap((_, i) => (isNumber(gradient[i]!) && gradient[i]!.value === 0 ? [i] : [])),
    /**
     * The blocks of coordinates (from 0), in ascending order. A partial derivative contains only coordinates of its own
     * block, so the loss is a sum of functions that depend on one block each.
     */
    blocks: connectedComponents(dimension, (i, j) => named[i]!.has(nameOf(j)) || named[j]!.has(nameOf(i))),
    samples: samples.length,
    /** The number of interval operations for a Hessian over all samples. */
    operations: samples.length * second.operations,
    loss: (box: Box) => lossOf(box).values[0]!,
    gradient: (box: Box) => gradientOf(box).values.slice(1),
    /** The entries, row by row; all are unbounded if the loss has a kink in the box. */
    hessian: (box: Box): readonly Interval[] => orUnbounded(hessianOf(box)),
    /** The third derivatives, in the order of `triplesOf`; all are unbounded if the loss has a kink in the box. */
    third: (box: Box): readonly Interval[] => orUnbounded(thirdOf()(box)),
    each: (box: Box) =>
      samples.map((sample) => {
        const found = both([...box, ...sample])
        return {
          gradient: found.values.slice(1, 1 + dimension),
          hessian: orUnbounded(found).slice(dimension),
        }
      }),
  }
}

function connectedComponents(dimension: number, isMixed: (i: number, j: number) => boolean) {
  const block = Array.from({ length: dimension }, (_, i) => i)
  for (let i = 0; i < dimension; i++)
    for (let j = 0; j < i; j++) {
      const [one, other] = [block[i]!, block[j]!]
      if (one !== other && isMixed(j, i))
        block.forEach((at, k) => {
          if (at === one) block[k] = other
        })
    }
  return [...new Set(block)].map((at) => block.flatMap((one, i) => (one === at ? [i] : [])))
}

const isNumber = (e: Expression): e is Extract<Expression, { kind: 'number' }> => e.kind === 'number'

/** Without data, there is one empty sample. */
function samplesOf({ data }: FormulaLandscape, tables: Tables): readonly (readonly Interval[])[] {
  if (data === null) return [[]]
  const table = tableOf(tables, data)!
  const read = rowReader(table)
  return Array.from({ length: table.rows }, (_, row) => Array.from(read(row), point))
}

function meanOver(of: Program, samples: readonly (readonly Interval[])[]) {
  const count = point(samples.length)
  return (box: Box): Ranges => {
    const [first, ...others] = samples
    if (others.length === 0) return of([...box, ...first!])
    let { values, smooth } = of([...box, ...first!])
    for (const sample of others) {
      const next = of([...box, ...sample])
      smooth &&= next.smooth
      values = values.map((sum, i) => add(sum, next.values[i]!))
    }
    return { values: values.map((sum) => divide(sum, count)), smooth }
  }
}

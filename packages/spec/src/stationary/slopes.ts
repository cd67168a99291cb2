import {
  build,
  compileScalar,
  differentiate,
  type Expression,
  FormulaError,
  NamedValues,
  nullIf,
  operations,
  parseNumber,
  partials,
} from '@driftfarm/formula'
import { cached } from '../cached.ts'
import type { FormulaLandscape } from '../cell.ts'
import { rowReader, type Tables, tableOf } from '../data.ts'

/** A loss and its gradient. The functions keep no reference to `theta`. */
export interface Slopes {
  readonly dimension: number
  loss(theta: Float64Array): number
  /** Returns a new array at each call. */
  gradient(theta: Float64Array): Float64Array
  /** Approximate number of arithmetic operations of one gradient. */
  readonly cost: number
}

export function addScaled(theta: Float64Array, factor: number, direction: Float64Array): Float64Array {
  return theta.map((x, i) => x + factor * direction[i]!)
}

/** One compilation serves all values of the parameters. */
type Compiled = ReturnType<typeof compiledOf>

/**
 * Makes the slopes of formulas. Differentiates each formula once, however many cells use it. The slopes are null if the
 * expression of the derivative has too many parts.
 */
export function formulaSlopes(): (landscape: FormulaLandscape, tables: Tables) => Slopes | null {
  const compile = cached(
    Number.POSITIVE_INFINITY,
    (_key: string, landscape: FormulaLandscape, names: readonly string[]): Compiled | null =>
      nullIf(FormulaError, () => compiledOf(landscape, names)),
  )
  return (landscape, tables) => {
    const { expression, variables, dimension, parameters } = landscape
    const names = [...(variables ?? []), ...parameters.map(([name]) => name), ...(landscape.data?.columns ?? [])]
    const compiled = compile(JSON.stringify([expression, variables ?? dimension, names]), landscape, names)
    return compiled && slopesOf(compiled, landscape, tables)
  }
}

function compiledOf({ expression, variables, dimension }: FormulaLandscape, words: readonly string[]) {
  const loss = parseNumber(expression)
  let index = 'k'
  while (words.includes(index)) index += '_'
  const names = variables === null ? [...words, index] : words
  const { slots } = new NamedValues(names)
  const slopes: readonly Expression[] =
    variables === null
      ? [differentiate(loss, { name: 'x', index: build.name(index), length: dimension })]
      : [
          ...partials(
            loss,
            variables.map((name) => ({ name })),
          ),
        ]
  const each = slopes.reduce((sum, slope) => sum + operations(slope), 0)
  return {
    loss: compileScalar(loss, slots),
    /**
     * If the coordinates have names, one function for each coordinate. If the coordinates are x[1] .. x[d], a single
     * function for all of them; the last of `names` is then the index of the coordinate.
     */
    gradient: slopes.map((slope) => compileScalar(slope, slots)),
    names,
    /** Number of operations of the gradient over one sample. */
    cost: variables === null ? each * dimension : each,
  }
}

function slopesOf(compiled: Compiled, landscape: FormulaLandscape, tables: Tables) {
  const { loss, gradient, names } = compiled
  const { variables, dimension, parameters } = landscape
  const table = landscape.data === null ? null : tableOf(tables, landscape.data)!
  const read = table === null ? null : rowReader(table)
  const rows = table?.rows ?? 1
  const values = new Float64Array(names.length)
  const first = variables?.length ?? 0
  for (const [i, [, value]] of parameters.entries()) values[first + i] = value
  const overSamples = (theta: Float64Array, sample: () => void) => {
    if (variables !== null) values.set(theta)
    for (let row = 0; row < rows; row++) {
      if (read !== null) values.set(read(row), first + parameters.length)
      sample()
    }
  }
  return {
    dimension,
    cost: Math.max(1, compiled.cost) * rows,
    loss: (theta: Float64Array) => {
      let sum = 0
      overSamples(theta, () => {
        sum += loss(values, [theta])
      })
      return sum / rows
    },
    gradient: (theta: Float64Array) => {
      const sums = new Float64Array(dimension)
      overSamples(theta, () => {
        for (let i = 0; i < dimension; i++) {
          if (variables === null) values[names.length - 1] = i + 1
          sums[i]! += gradient[variables === null ? 0 : i]!(values, [theta])
        }
      })
      return sums.map((sum) => sum / rows)
    },
  }
}

import { StatisticsError } from '../error.ts'
import { type Dependent, type Design, orthogonal } from './leastSquares.ts'

/** The name of the constant coefficient. */
export const intercept = 'intercept'

export interface Columns {
  readonly terms: readonly string[]
  readonly hasIntercept: boolean
}

export function designOf(
  { terms, hasIntercept }: Columns,
  cells: readonly { readonly x: readonly number[] }[],
): Design {
  return {
    names: [...(hasIntercept ? [intercept] : []), ...terms],
    columns: [
      ...(hasIntercept ? [new Float64Array(cells.length).fill(1)] : []),
      ...terms.map((_, at) => Float64Array.from(cells, ({ x }) => x[at]!)),
    ],
  }
}

/**
 * Throws a StatisticsError if there are fewer cells than coefficients, or if a term is a linear combination of others
 * over these cells.
 */
export function independent({ names, columns }: Design) {
  const cells = columns[0]!.length
  if (cells < names.length)
    throw new StatisticsError(
      'FIT',
      `${counted(cells)} and ${names.length} coefficients (${names.join(', ')})`,
      'leave terms out, or sweep more values: a fit needs at least as many cells as coefficients',
    )
  const found = orthogonal(columns)
  if (found.dependent !== null)
    throw new StatisticsError(
      'FIT',
      `${dependence(names, found.dependent)} in the ${counted(cells)}`,
      'these cells do not determine every coefficient; leave a term out, or sweep more values',
    )
  return found
}

/** Returns why the cells with events do not determine the coefficients; null if they determine them. */
export function undetermined({ names, columns }: Design, hasEvents: readonly boolean[]): string | null {
  const there = hasEvents.filter((has) => has).length
  const among = `${there} of ${counted(hasEvents.length)} ${there === 1 ? 'has' : 'have'} events`
  if (there < names.length) {
    const coefficients = names.length === 1 ? 'one coefficient' : `${names.length} coefficients`
    return `${among}, too few for ${coefficients} (${names.join(', ')})`
  }
  const { dependent } = orthogonal(columns.map((column) => column.filter((_, at) => hasEvents[at]!)))
  return dependent === null
    ? null
    : `${among}, and ${dependence(names, dependent)} in ${there === 1 ? 'this cell' : `these ${there}`}`
}

function dependence(names: readonly string[], { column, of }: Dependent): string {
  const name = names[column]!
  const others = of.map((at) => names[at]!)
  if (others.length === 0) return `${name} is 0`
  const terms = others.filter((each) => each !== intercept)
  if (terms.length === 0) return `${name} has only one value`
  const beside = others.length > terms.length ? ' with the intercept' : ''
  return `${terms.join(' and ')} and ${name} are collinear${beside}`
}

const counted = (cells: number): string => (cells === 1 ? 'one cell' : `${cells} cells`)

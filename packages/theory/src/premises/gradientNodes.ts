import { build, cachedFold, differentiate, type Expression, FormulaError, parse, partials } from '@driftfarm/formula'
import type { FormulaLandscape } from '@driftfarm/spec'
import { RecentCache } from './recentCache.ts'

const known = new RecentCache<number>(32)
/** Maximum number of characters of an expression whose gradient is computed in order to count the operations. */
const longest = 2000

/**
 * Returns the number of operations of a gradient over one sample. Operations in a sum count once for each term. For a
 * long expression, returns a guess, because an exact count is not worth the time of differentiating the expression.
 */
export function gradientNodes(landscape: FormulaLandscape): number {
  const { expression, variables, dimension } = landscape
  const guess = expression.length * dimension
  if (expression.length > longest) return guess
  return known.get(`${dimension} ${variables?.join()} ${expression}`, () => {
    try {
      return count(parse(expression), landscape)
    } catch (error) {
      // A formula error is not thrown here, because the kernel reports the error with its position in the text.
      if (error instanceof FormulaError) return guess
      throw error
    }
  })
}

function count(loss: Expression, { variables, dimension }: FormulaLandscape): number {
  const nodes = nodeCounter(dimension)
  if (variables === null) {
    const index = build.name('k$')
    return dimension * nodes(differentiate(loss, { name: 'x', index, length: dimension }))
  }
  let sum = 0
  for (const partial of partials(
    loss,
    variables.map((name) => ({ name })),
  ))
    sum += nodes(partial)
  return sum
}

/** A sum whose bounds are not literals is assumed to run over all coordinates. */
function nodeCounter(dimension: number): (e: Expression) => number {
  return cachedFold<number>((node, counts) => {
    if (node.kind !== 'reduce') return counts.reduce((total, each) => total + each, 1)
    const { from, to } = node
    const terms = from.kind === 'number' && to.kind === 'number' ? Math.max(1, to.value - from.value + 1) : dimension
    return terms * (1 + counts[2]!)
  })
}

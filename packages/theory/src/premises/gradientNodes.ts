import { build, cachedFold, differentiate, type Expression, FormulaError, parse, partials } from '@driftfarm/formula'
import type { FormulaLandscape } from '@driftfarm/spec'
import { Remembered } from './remembered.ts'

const known = new Remembered<number>(32)
/** Texts beyond this are counted by their length: to differentiate them takes longer than what the count is for. */
const longest = 2000

/** Operations of a gradient over one sample, sums written out. */
export function gradientNodes(landscape: FormulaLandscape): number {
  const { expression, variables, dimension } = landscape
  const guess = expression.length * dimension
  if (expression.length > longest) return guess
  return known.get(`${dimension} ${variables?.join()} ${expression}`, () => {
    try {
      return count(parse(expression), landscape)
    } catch (error) {
      // The kernel will say so with its place.
      if (error instanceof FormulaError) return guess
      throw error
    }
  })
}

function count(loss: Expression, { variables, dimension }: FormulaLandscape): number {
  const nodes = writtenOut(dimension)
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

/** Nodes, with those of a sum once a term; one whose bounds are no literals is taken to run over all coordinates. */
function writtenOut(dimension: number): (e: Expression) => number {
  return cachedFold<number>((node, counts) => {
    if (node.kind !== 'reduce') return counts.reduce((total, each) => total + each, 1)
    const { from, to } = node
    const terms = from.kind === 'number' && to.kind === 'number' ? Math.max(1, to.value - from.value + 1) : dimension
    return terms * (1 + counts[2]!)
  })
}

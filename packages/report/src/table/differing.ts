import type { ComparedEstimate } from '../document/comparison.ts'

/**
 * Says how many pairs of cells differ, and how many would differ by chance. Each interval is valid only on its own, so
 * a few of many intervals exclude 0 by chance.
 */
export function differingText(found: readonly ComparedEstimate[]): string {
  const differ = found.filter(({ differs }) => differs).length
  const words = `${differ} of ${found.length} ${found.length === 1 ? 'cell differs' : 'cells differ'}`
  const [first] = found
  if (first === undefined) return words
  const expected = Number((found.length * (1 - first.confidence)).toPrecision(2))
  return (
    `${words}: a cell is counted if 0 is outside the interval of its difference; about ${expected} would be ` +
    'counted by chance even if none differed'
  )
}

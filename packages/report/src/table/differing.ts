import type { ComparedEstimate } from '../document/comparison.ts'

/** How many of some pairs differ, and how many would although none does, since every interval stands by itself. */
export function differingText(found: readonly ComparedEstimate[]): string {
  const differ = found.filter(({ differs }) => differs).length
  const words = `${differ} of ${found.length} ${found.length === 1 ? 'cell differs' : 'cells differ'}`
  const [first] = found
  if (first === undefined) return words
  const expected = Number((found.length * (1 - first.confidence)).toPrecision(2))
  return (
    `${words}: 0 lies outside the interval of the difference; of as many that do not differ about ${expected} ` +
    'would by chance'
  )
}

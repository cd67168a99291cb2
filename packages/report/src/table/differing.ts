import type { ComparedEstimate } from '../document/comparison.ts'

/**
 * The number of pairs that differ, and the number that would seem to differ by chance if none did. Chance matters
 * because each interval is valid separately.
 */
export function differingText(found: readonly ComparedEstimate[]): string {
  const differ = found.filter(({ differs }) => differs).length
  const words = `${differ} of ${found.length} ${found.length === 1 ? 'cell differs' : 'cells differ'}`
  const [first] = found
  if (first === undefined) return words
  const expected = Number((found.length * (1 - first.confidence)).toPrecision(2))
  return (
    `${words}: 0 is outside the interval of the difference; by chance, about ${expected} would seem to differ even ` +
    'if none did'
  )
}

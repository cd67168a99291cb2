/** Left to right, from the first term. */
export function sum(terms: readonly number[]): number {
  return terms.reduce((total, term) => total + term)
}

/** The sum from left to right, starting with the first term. */
export function sum(terms: ArrayLike<number>): number {
  let total = terms[0]!
  for (let i = 1; i < terms.length; i++) total += terms[i]!
  return total
}

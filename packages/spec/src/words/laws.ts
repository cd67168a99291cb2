const laws = /^(gaussian|uniform|rademacher|laplace|student|cauchy|stable|sphere|ball)$/

export function isLaw(word: string): boolean {
  return laws.test(word)
}

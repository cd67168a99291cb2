import type { Path } from '../document/path.ts'
import { wordsFor } from './newcomers.ts'
import { numberHint } from './number-hint.ts'

const laws = /^(gaussian|uniform|rademacher|laplace|student|cauchy|stable|sphere|ball)$/

/** What to write instead of a value of the wrong kind; null where nothing better is known than what is expected. */
export function shapeHint(path: Path, value: unknown, expected: string): string | null {
  const place = path.join('.')
  const isWord = typeof value === 'string' && /^[A-Za-z][\w-]*$/.test(value)
  if (place === 'start' && isWord) return `write { minimum: ${value} }, or a point [..]`
  if (place === 'update.drift' && isNumber(value)) return `write drift: { sigma: ${value} }`
  if (place === 'update.drift' && isWord) {
    const law = [value, ...wordsFor(value).map(({ word }) => word)].find((word) => laws.test(word))
    return `write drift: { law: ${law ?? 'gaussian'}, sigma: 1 }`
  }
  if (place === 'landscape' && isWord) return `write landscape: { preset: ${value} }`
  if (place === 'landscape.formula' && typeof value === 'string')
    return `write formula: { variables: [x], expression: ${JSON.stringify(value)} }`
  return numberHint(value, expected)
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\s*=/.test(value))
}

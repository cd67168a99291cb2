import { isMapping } from '../document/value.ts'

const longest = 80

/** A value in YAML flow style, such as { a: [1, 2] }. Null if it is too long for a hint. */
export function flowStyle(value: unknown): string | null {
  const text = flow(value)
  return text.length > longest ? null : text
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (isMapping(value)) {
    const pairs = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`)
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
  }
  return typeof value === 'string' && /^[A-Za-z_][\w./-]*$/.test(value) ? value : JSON.stringify(value)
}

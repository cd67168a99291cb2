import { type Expression, fold } from '@driftfarm/formula'

/** Returns the names in an expanded expression, and the literal indices of elements as strings. */
export function namesOf(e: Expression): ReadonlySet<string> {
  const names = new Set<string>()
  fold<null>(e, (node) => {
    if (node.kind === 'name') names.add(node.name)
    if (node.kind === 'element' && node.index.kind === 'number') names.add(String(node.index.value))
    return null
  })
  return names
}

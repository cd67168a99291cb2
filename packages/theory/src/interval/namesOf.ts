import { type Expression, fold } from '@driftfarm/formula'

/** The names in an expanded expression and, as strings, the constant indices of elements ('2' for x[2]). */
export function namesOf(e: Expression): ReadonlySet<string> {
  const names = new Set<string>()
  fold<null>(e, (node) => {
    if (node.kind === 'name') names.add(node.name)
    if (node.kind === 'element' && node.index.kind === 'number') names.add(String(node.index.value))
    return null
  })
  return names
}

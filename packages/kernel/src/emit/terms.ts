import type { Expression } from '@driftfarm/formula'
import { canonicalIndices, childrenOf } from '../tree.ts'

/** What a tree is to a writer: a number that equal trees share, and the free names in it. */
export interface Term {
  readonly id: number
  readonly names: ReadonlySet<string>
  /** Whether it reads coordinates by index. */
  readonly reads: boolean
}

/** Numbers trees by structure (hash consing), in one pass over each. */
export class Terms {
  private readonly ids = new Map<string, number>()
  private readonly known = new WeakMap<Expression, Term>()
  private readonly renamed = new WeakMap<Expression, Expression>()

  /** The tree with canonical indices, the same object each time. */
  canonical(e: Expression): Expression {
    const known = this.renamed.get(e)
    if (known !== undefined) return known
    const canonical = canonicalIndices(e)
    this.renamed.set(e, canonical)
    return canonical
  }

  of(e: Expression): Term {
    const known = this.known.get(e)
    if (known !== undefined) return known
    const children = childrenOf(e).map((child) => this.of(child))
    const key = `${labelOf(e)} ${children.map(({ id }) => id).join(' ')}`
    const id = this.ids.get(key) ?? this.ids.size
    this.ids.set(key, id)
    const term = { id, names: namesOf(e, children), reads: e.kind === 'element' || children.some(({ reads }) => reads) }
    this.known.set(e, term)
    return term
  }
}

function labelOf(e: Expression): string {
  switch (e.kind) {
    case 'number':
      return `number ${Object.is(e.value, -0) ? '-0' : e.value}`
    case 'name':
    case 'element':
      return `${e.kind} ${e.name}`
    case 'binary':
    case 'compare':
    case 'logic':
      return `${e.kind} ${e.operator}`
    case 'call':
      return `call ${e.function}`
    case 'reduce':
      return `${e.operator} ${e.index}`
    default:
      return e.kind
  }
}

function namesOf(e: Expression, children: readonly Term[]): ReadonlySet<string> {
  if (e.kind === 'name') return new Set([e.name])
  let names: ReadonlySet<string> = new Set()
  for (const child of children) {
    if (names.size === 0) names = child.names
    else if ([...child.names].some((name) => !names.has(name))) names = new Set([...names, ...child.names])
  }
  if (e.kind !== 'reduce' || !names.has(e.index)) return names
  return new Set([...names].filter((name) => name !== e.index))
}

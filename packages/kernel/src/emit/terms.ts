import { children, type Expression } from '@driftfarm/formula'
import { bottomUp, canonicalIndices } from '../tree.ts'

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
    for (const part of bottomUp(e, (whole) => (this.known.has(whole) ? [] : children(whole)))) this.add(part)
    return this.known.get(e)!
  }

  /** All parts of the node are known. */
  private add(e: Expression): void {
    if (this.known.has(e)) return
    const parts = children(e).map((part) => this.known.get(part)!)
    const key = `${labelOf(e)} ${parts.map(({ id }) => id).join(' ')}`
    const id = this.ids.get(key) ?? this.ids.size
    this.ids.set(key, id)
    const reads = e.kind === 'element' || parts.some((part) => part.reads)
    this.known.set(e, { id, names: namesOf(e, parts), reads })
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

function namesOf(e: Expression, parts: readonly Term[]): ReadonlySet<string> {
  if (e.kind === 'name') return new Set([e.name])
  let names: ReadonlySet<string> = new Set()
  for (const part of parts) {
    if (names.size === 0) names = part.names
    else if ([...part.names].some((name) => !names.has(name))) names = new Set([...names, ...part.names])
  }
  if (e.kind !== 'reduce' || !names.has(e.index)) return names
  return new Set([...names].filter((name) => name !== e.index))
}

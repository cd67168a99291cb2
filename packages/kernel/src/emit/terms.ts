import { cachedFold, children, type Expression } from '@driftfarm/formula'
import { bottomUp, canonicalIndices } from '../tree.ts'

/** What a tree is to a writer: a number that equal trees share, and the free names in it. */
export interface Term {
  readonly id: number
  /** Without parameters, of which a schedule may have thousands: they are the same everywhere. */
  readonly names: ReadonlySet<string>
  /** Whether it reads coordinates by index. */
  readonly reads: boolean
}

/** Numbers trees by structure (hash consing), in one pass over each. */
export class Terms {
  private readonly numbered = new Map<string, Term>()
  private readonly known = new WeakMap<Expression, Term>()
  private readonly renamed = new WeakMap<Expression, Expression>()

  constructor(private readonly parameters: ReadonlyMap<string, number>) {}

  /** The tree with canonical indices, the same object each time. */
  canonical(e: Expression): Expression {
    const known = this.renamed.get(e)
    if (known !== undefined) return known
    const canonical = this.holdsSum(e) ? canonicalIndices(e) : e
    this.renamed.set(e, canonical)
    return canonical
  }

  private readonly holdsSum = cachedFold<boolean>((e, parts) => e.kind === 'reduce' || parts.includes(true))

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
    let key = labelOf(e)
    for (const { id } of parts) key += ` ${id}`
    let term = this.numbered.get(key)
    if (term === undefined) {
      const reads = e.kind === 'element' || parts.some((part) => part.reads)
      term = { id: this.numbered.size, names: namesOf(e, parts, this.parameters), reads }
      this.numbered.set(key, term)
    }
    this.known.set(e, term)
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

const none: ReadonlySet<string> = new Set()

function namesOf(e: Expression, parts: readonly Term[], parameters: ReadonlyMap<string, number>): ReadonlySet<string> {
  if (e.kind === 'name') return parameters.has(e.name) ? none : new Set([e.name])
  let names = none
  for (const part of parts) {
    if (part.names === names || part.names.size === 0) continue
    if (names.size === 0) names = part.names
    else if ([...part.names].some((name) => !names.has(name))) names = new Set([...names, ...part.names])
  }
  if (e.kind !== 'reduce' || !names.has(e.index)) return names
  return new Set([...names].filter((name) => name !== e.index))
}

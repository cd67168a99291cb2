import { cachedFold, type Expression, Identities } from '@driftfarm/formula'
import { canonicalIndices } from '../model/tree.ts'

/** Equal expressions have the same `id`. */
export interface Term extends Facts {
  readonly id: number
}

interface Facts {
  /** The free names of the expression. Parameters are left out, because they are constants of the cell. */
  readonly names: ReadonlySet<string>
  /** Whether the expression reads coordinates by index. */
  readonly reads: boolean
}

export class Terms {
  private readonly identities = new Identities()
  private readonly terms: Term[] = []
  private readonly renamed = new WeakMap<Expression, Expression>()

  constructor(private readonly parameters: ReadonlyMap<string, number>) {}

  /** The expression with canonical names of indices. Calls with the same object `e` return the same object. */
  canonical(e: Expression): Expression {
    const known = this.renamed.get(e)
    if (known !== undefined) return known
    const canonical = this.holdsSum(e) ? canonicalIndices(e) : e
    this.renamed.set(e, canonical)
    return canonical
  }

  private readonly holdsSum = cachedFold<boolean>((e, parts) => e.kind === 'reduce' || parts.includes(true))

  of(e: Expression): Term {
    const id = this.identities.number(e)
    const known = this.terms[id]
    if (known !== undefined) return known
    const term = { id, ...this.facts(this.identities.representative(e)) }
    this.terms[id] = term
    return term
  }

  private readonly facts = cachedFold<Facts>((e, parts) => ({
    names: namesOf(e, parts, this.parameters),
    reads: e.kind === 'element' || parts.some(({ reads }) => reads),
  }))
}

const none: ReadonlySet<string> = new Set()

function namesOf(e: Expression, parts: readonly Facts[], parameters: ReadonlyMap<string, number>): ReadonlySet<string> {
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

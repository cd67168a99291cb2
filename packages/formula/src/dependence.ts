import type { Expression } from './expression.ts'
import { cachedFold } from './fold.ts'
import type { Variable } from './gradient.ts'

/** A set of variables, one bit each. */
type Bits = Uint32Array

const none: Bits = new Uint32Array()

/**
 * Finds the variables on which each part of an expression depends. Derivatives of the part with respect to all other
 * variables are 0 and need not be computed. Even if theta has a thousand coordinates, a term usually depends on only
 * two or three of them.
 */
export class Dependence {
  private readonly byName = new Map<string, Bits>()
  private readonly byElement = new Map<string, Bits>()
  /** If a variable is x[k], where k is not a literal, this set contains x: any element of the list x may be x[k]. */
  private readonly anywhere = new Set<string>()
  private readonly words: number

  constructor(variables: readonly Variable[]) {
    this.words = Math.ceil(variables.length / 32)
    for (const [at, { name, index }] of variables.entries()) {
      if (index === undefined) this.add(this.byName, name, at)
      else {
        this.add(this.byElement, name, at)
        if (index.kind === 'number') this.add(this.byElement, `${name}[${index.value}]`, at)
        else this.anywhere.add(name)
      }
    }
  }

  /** Whether the node certainly does not depend on variable number `variable`, counted from 0. */
  isFree(e: Expression, variable: number): boolean {
    const bits = this.bitsOf(e)
    return bits === none || (bits[variable >>> 5]! & (1 << (variable & 31))) === 0
  }

  private add(map: Map<string, Bits>, key: string, at: number): void {
    const bits = map.get(key) ?? new Uint32Array(this.words)
    bits[at >>> 5]! |= 1 << (at & 31)
    map.set(key, bits)
  }

  private readonly bitsOf = cachedFold<Bits>((e, parts) => {
    if (e.kind === 'name') return this.byName.get(e.name) ?? none
    if (e.kind === 'element') {
      const { name, index } = e
      const literal = index.kind === 'number' && !this.anywhere.has(name)
      return this.byElement.get(literal ? `${name}[${index.value}]` : name) ?? none
    }
    return parts.reduce(union, none)
  })
}

/** Makes no new object if `a` contains `b`, or if `a` or `b` is empty. */
function union(a: Bits, b: Bits): Bits {
  if (a === b || b === none) return a
  if (a === none) return b
  if (b.every((word, i) => (word | a[i]!) >>> 0 === a[i])) return a
  return a.map((word, i) => word | b[i]!)
}

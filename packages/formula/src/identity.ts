import type { Expression } from './expression.ts'
import { children, fold, withChildren } from './fold.ts'

/**
 * Identifies expressions by structure: expressions that print the same are equal. Equal expressions get the same number
 * and the same representative object, so a result that is cached for one of them holds for all.
 */
export class Identities {
  private readonly numbers = new Map<Expression, number>()
  private readonly byKey = new Map<string, number>()
  private readonly representatives: Expression[] = []

  /** The number of expression objects seen so far; equal objects are counted separately. */
  get count(): number {
    return this.numbers.size
  }

  number(e: Expression): number {
    return this.numbers.get(e) ?? fold(e, this.visit, this.options)
  }

  representative(e: Expression): Expression {
    return this.representatives[this.number(e)]!
  }

  private readonly options = { enter: (e: Expression) => this.numbers.get(e) }

  private readonly visit = (e: Expression, parts: readonly number[]): number => {
    let key = labelOf(e)
    for (const part of parts) key += ` ${part}`
    let number = this.byKey.get(key)
    if (number === undefined) {
      number = this.representatives.length
      this.byKey.set(key, number)
      this.representatives.push(this.withRepresentativeParts(e))
    }
    this.numbers.set(e, number)
    return number
  }

  private withRepresentativeParts(e: Expression): Expression {
    const same = withChildren(
      e,
      children(e).map((part) => this.representatives[this.numbers.get(part)!]!),
    )
    this.numbers.set(same, this.representatives.length)
    return same
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

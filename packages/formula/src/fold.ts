import * as build from './build.ts'
import type { Expression } from './expression.ts'

/** The keys of the direct parts in reading order. The parts of a call are its arguments. */
const partKeys: Readonly<Record<Exclude<Expression['kind'], 'call'>, readonly string[]>> = {
  number: [],
  name: [],
  element: ['index'],
  negate: ['argument'],
  not: ['argument'],
  binary: ['left', 'right'],
  compare: ['left', 'right'],
  logic: ['left', 'right'],
  reduce: ['from', 'to', 'body'],
  select: ['condition', 'then', 'otherwise'],
}

/** The direct parts of an expression in reading order; the parts of a sum or prod are from, to, body. */
export function children(e: Expression): readonly Expression[] {
  if (e.kind === 'call') return e.arguments
  return partKeys[e.kind].map((key) => (e as unknown as Readonly<Record<string, Expression>>)[key]!)
}

/** Returns the same kind of expression with other parts, or `e` itself if no part changed. */
export function withChildren(e: Expression, parts: readonly Expression[]): Expression {
  if (children(e).every((part, i) => part === parts[i])) return e
  if (e.kind === 'call') return build.call(e.function, ...parts)
  const changed = { ...e } as Record<string, unknown>
  for (const [i, key] of partKeys[e.kind].entries()) changed[key] = parts[i]
  return Object.freeze(changed) as unknown as Expression
}

export interface FoldOptions<T> {
  /** Returns the result of a whole subtree without walking it, or undefined if the subtree is to be walked. */
  readonly enter?: (e: Expression) => T | undefined
  /** Returns the parts of the node that are walked, such as all terms of nested sums. Default: the direct parts. */
  readonly parts?: (e: Expression) => readonly Expression[]
}

/**
 * Walks an expression from its leaves up: `visit` gets a node and the results of its parts. The function does not call
 * itself, because a sum of 5,000 terms is a tree of depth 5,000, too deep for the stack. A part that occurs twice as
 * the same object is visited once, so the result of `visit` must depend only on the node.
 */
export function fold<T>(
  root: Expression,
  visit: (e: Expression, parts: readonly T[]) => T,
  { enter, parts = children }: FoldOptions<T> = {},
): T {
  const done = new Map<Expression, T>()
  const nodes: Expression[] = [root]
  const opened: (readonly Expression[] | undefined)[] = [undefined]
  while (nodes.length > 0) {
    const top = nodes.length - 1
    const e = nodes[top]!
    let inside = opened[top]
    if (inside === undefined) {
      const answer = done.has(e) ? undefined : enter?.(e)
      if (answer !== undefined) done.set(e, answer)
      if (done.has(e)) {
        nodes.pop()
        opened.pop()
        continue
      }
      inside = parts(e)
      opened[top] = inside
      for (let i = inside.length - 1; i >= 0; i--) {
        const part = inside[i]!
        if (done.has(part)) continue
        nodes.push(part)
        opened.push(undefined)
      }
      if (nodes.length > top + 1) continue
    }
    const results = new Array<T>(inside.length)
    for (let i = 0; i < results.length; i++) results[i] = done.get(inside[i]!) as T
    done.set(e, visit(e, results))
    nodes.pop()
    opened.pop()
  }
  return done.get(root) as T
}

/** A fold that caches the result of every node, for many expressions that share parts. */
export function cachedFold<T>(visit: (e: Expression, parts: readonly T[]) => T): (e: Expression) => T {
  const known = new Map<Expression, T>()
  const remember = (e: Expression, parts: readonly T[]): T => {
    const result = visit(e, parts)
    known.set(e, result)
    return result
  }
  const options = { enter: (part: Expression) => known.get(part) }
  return (e) => known.get(e) ?? fold(e, remember, options)
}

/** The number of nodes of the tree: a part that occurs twice counts twice. */
export function countNodes(e: Expression): number {
  return fold<number>(e, addOne)
}

/** Like `countNodes`, but faster for many expressions that share parts. */
export function nodeCounter(): (e: Expression) => number {
  return cachedFold<number>(addOne)
}

const addOne = (_: Expression, counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 1)

export function isBoolean(e: Expression): boolean {
  return e.kind === 'compare' || e.kind === 'logic' || e.kind === 'not'
}

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
    const parts = children(e).map((part) => this.representatives[this.numbers.get(part)!]!)
    const same = withChildren(e, parts)
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

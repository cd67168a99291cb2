import {
  build,
  cachedFold,
  children,
  type Expression,
  fold,
  Identities,
  substitute,
  withChildren,
} from '@driftfarm/formula'
import { type Code, type Local, local } from './code/code.ts'
import { countLines, type Statement } from './code/statement.ts'
import type { Numbers } from './numbers.ts'

/** A block of statements, with the terms that have been computed in it. */
export class Block {
  readonly statements: Statement[] = []
  lines = 0
  /** Number of lines that loops inside the block execute when the block runs once. */
  looped = 0
  /** Code for the value of each term that the block has computed. The key is the `id` of the term. */
  readonly known = new Map<number, Code>()
  constructor(
    /** If the block is the body of a loop over an index, the name of the index; else null. */
    readonly index: string | null,
    /** Whether the block is executed only under a condition. */
    readonly guarded = false,
    /** Names whose values change with each iteration of the block. */
    private readonly bound: ReadonlySet<string> = new Set(),
  ) {}

  push(statement: Statement): void {
    this.statements.push(statement)
    this.lines += countLines(statement)
  }

  /** Number of lines that are executed when the block runs once. */
  get work(): number {
    return this.lines + this.looped
  }

  varies(names: ReadonlySet<string>): boolean {
    return (this.index !== null && names.has(this.index)) || [...this.bound].some((name) => names.has(name))
  }
}

/** Loaded constants and names of locals for the code of one function. */
export class Scope {
  /** Block that is executed once per call. It loads constants of the cell. */
  readonly prologue = new Block(null)
  /** The locals of the numbers that the prologue loads. The key is the index of the number in the cell. */
  readonly loaded = new Map<number, Local>()
  readonly terms: Terms
  private count = 0

  constructor(
    readonly numbers: Numbers,
    readonly parameters: ReadonlyMap<string, number>,
    /** Prefix of the names of locals. It keeps names distinct if one function contains code from two scopes. */
    readonly prefix = '',
  ) {
    this.terms = new Terms(parameters)
  }

  next(type: Local['type'] = 'v128'): Local {
    return local(`${this.prefix}t${this.count++}`, type)
  }
}

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

/**
 * Returns every node once, each after the nodes that it contains. The function is not recursive, because the tree of a
 * sum of 5,000 terms has depth 5,000.
 */
export function bottomUp(root: Expression, parts: (e: Expression) => readonly Expression[] = children): Expression[] {
  const order: Expression[] = []
  const seen = new Set<Expression>()
  const stack: { e: Expression; entered: boolean }[] = [{ e: root, entered: false }]
  while (stack.length > 0) {
    const frame = stack[stack.length - 1]!
    if (!frame.entered && !seen.has(frame.e)) {
      frame.entered = true
      seen.add(frame.e)
      for (const part of parts(frame.e)) if (!seen.has(part)) stack.push({ e: part, entered: false })
      continue
    }
    stack.pop()
    if (frame.entered) order.push(frame.e)
  }
  return order
}

interface Renamed {
  readonly e: Expression
  /** Number of sums and products that contain each other. */
  readonly height: number
}

/**
 * Renames the index of every sum and product to `i$1`, `i$2`, ..., numbered from the innermost sum or product outwards.
 * Equal sums then become equal trees, whatever their indices were called, and no index hides another.
 */
function canonicalIndices(root: Expression): Expression {
  return fold<Renamed>(root, (e, parts) => {
    const height = Math.max(0, ...parts.map((part) => part.height))
    if (height === 0 && e.kind !== 'reduce') return { e, height }
    const renamed = parts.map((part) => part.e)
    const whole = withChildren(e, renamed)
    if (whole.kind !== 'reduce') return { e: whole, height }
    const index = `i$${height + 1}`
    const body = substitute(whole.body, new Map([[whole.index, build.name(index)]]))
    return { e: { ...whole, index, body }, height: height + 1 }
  }).e
}

import { children, type Expression } from '@driftfarm/formula'
import { KernelError } from '../error.ts'
import { type Code, code, elementary, type Local, listed, local, numberAt, type Part, vector } from './code/code.ts'
import {
  assignment,
  braces,
  choice,
  constant,
  effect,
  empty,
  nest,
  type Statement,
  variable,
} from './code/statement.ts'
import { type IsIndex, indexLocal, integer, overIndices, truth } from './indices.ts'
import { type NumberReading, parameter } from './readings.ts'
import type { Term } from './scope.ts'
import { Block, bottomUp, type Scope } from './scope.ts'

/**
 * Largest number of lines that a step may execute in loops. That many lines already take seconds, and a trial can be
 * stopped only between steps.
 */
const maxWork = 500_000_000

/**
 * Largest number of lines in the body of a loop that is unrolled by four. Unrolling saves up to a fifth of the time.
 */
const maxLinesInFours = 60

/** The code for the names in an expression. Each function returns a local, or code without side effects. */
export interface Meaning {
  /** The value of a scalar name (coordinate, loss, step ...); null if the name can only be a parameter. */
  name(name: string): Code | null
  /** The value of coordinate `index`, counted from 1. If `index` is code, it is an i32 expression of loop indices. */
  element(index: number | Code): Code
}

/**
 * Writes expressions as AssemblyScript over v128 locals. Each value is computed once, in the outermost block in which
 * everything that it depends on is known. Subexpressions with the same structure share one value. Operations inside an
 * expression are performed in the order of its tree, so any other evaluation of the same tree gives the same bits.
 */
export class Writer {
  /**
   * Block that is executed once per step. If the writer writes code outside of the loop over steps, the block is
   * executed once per call.
   */
  readonly body = new Block(null)
  private blocks: Block[]

  constructor(
    private readonly scope: Scope,
    private readonly meaning: Meaning,
  ) {
    this.blocks = [scope.prologue, this.body]
  }

  /** Returns a local whose two lanes both hold one of the cell's numbers: the one at index `place`, counted from 0. */
  number(place: number): Local {
    const known = this.scope.loaded.get(place)
    if (known !== undefined) return known
    const name = local(`${this.scope.prefix}c${place}`)
    this.scope.loaded.set(place, name)
    this.scope.prologue.push(constant(name, numberAt(place)))
    return name
  }

  literal(value: number): Local {
    return this.number(this.scope.numbers.literal(value))
  }

  /**
   * Returns a local whose two lanes both hold the number that `read` gives for the cell. For literals, use `literal`.
   */
  named(key: string, read: NumberReading): Local {
    return this.number(this.scope.numbers.named(key, read))
  }

  push(...statements: readonly Statement[]): void {
    const block = this.blocks[this.blocks.length - 1]!
    for (const statement of statements) block.push(statement)
  }

  run(written: Code): void {
    this.push(effect(written))
  }

  assign(name: Local, value: Code): void {
    this.push(assignment(name, value))
  }

  /**
   * Runs `inside` outside of the enclosing loops, with `body` as the innermost block. The code that `inside` writes
   * must not depend on these loops.
   */
  atBody<T>(inside: () => T): T {
    const blocks = this.blocks
    this.blocks = blocks.slice(0, 2)
    const result = inside()
    this.blocks = blocks
    return result
  }

  local(value: Code): Local {
    const name = this.scope.next(value.type)
    this.push(constant(name, value))
    return name
  }

  /** A new local that will be assigned again. */
  variable(value: Code): Local {
    const name = this.scope.next(value.type)
    this.push(variable(name, value))
    return name
  }

  /** Short bodies are unrolled by four. */
  loop(index: string, from: number | Code, to: number | Code, inside: (at: Local) => void): void {
    const at = indexLocal(index)
    const round = (): Block => {
      const block = new Block(index)
      this.blocks.push(block)
      inside(at)
      this.blocks.pop()
      return block
    }
    const one = round()
    const rounds = typeof from === 'number' && typeof to === 'number' ? to - from + 1 : Number.NaN
    this.account(one.work * Math.max(0, rounds))
    if (rounds >= 4 && one.lines <= maxLinesInFours) this.fours(at, { from: Number(from), rounds }, one, round)
    else this.push(counting(at, from, to, '++', one.statements))
  }

  /**
   * Writes a loop that contains four copies of the body, followed by one copy for each iteration that is left over.
   * Each copy declares the index as a constant.
   */
  private fours(
    index: Local,
    { from, rounds }: { readonly from: number; readonly rounds: number },
    one: Block,
    round: () => Block,
  ): void {
    const rest = from + rounds - (rounds % 4)
    const first = indexLocal(`${index.name}_first`)
    const once = (value: Code, { statements }: Block) => braces([constant(index, value), ...statements])
    const four = [one, round(), round(), round()].map((block, ahead) => once(code`${first} + ${ahead}`, block))
    this.push(counting(first, from, rest - 1, ' += 4', four))
    for (let left = rest; left < from + rounds; left++) this.push(once(code`${left}`, round()))
  }

  /**
   * Adds `work`, the number of lines that a loop executes, to the innermost block. If the bounds of the loop are not
   * literals, `work` is NaN and the loop counts as if it ran once. Throws a KernelError if a step would execute more
   * than `maxWork` lines.
   */
  private account(work: number): void {
    const block = this.blocks[this.blocks.length - 1]!
    block.looped += Number.isNaN(work) ? 0 : work
    if (block.looped <= maxWork) return
    throw new KernelError(
      'EXPRESSION',
      `its sums and products, or the sums and products of its derivative, take ${block.looped.toExponential(1)} ` +
        `operations per step; at most ${maxWork} are allowed: use fewer terms or fewer coordinates`,
    )
  }

  /** The values of the names in `bound` change with each iteration. */
  repeat(head: Part, declares: readonly Local[], bound: ReadonlySet<string>, inside: () => void): void {
    const block = new Block(null, false, bound)
    this.blocks.push(block)
    inside()
    this.blocks.pop()
    this.push(nest(head, block.statements, declares))
  }

  value(e: Expression): Code {
    const canonical = this.scope.terms.canonical(e)
    this.writeParts(canonical)
    return this.inner(canonical)
  }

  /** A v128 mask: all bits of a lane are set if the condition holds in this lane. */
  mask(e: Expression): Code {
    const canonical = this.scope.terms.canonical(e)
    this.writeParts(canonical)
    return this.condition(canonical)
  }

  /**
   * Writes the parts of a tree from its leaves up, so that no deep recursion is needed. Each term of a sum is written
   * just before it is added, so that few values are live.
   */
  private writeParts(root: Expression): void {
    const parts = (e: Expression): readonly Expression[] => {
      if (this.isWritten(e)) return []
      if (e.kind === 'reduce' || e.kind === 'element') return []
      if (e.kind === 'select' && overIndices(e.condition, this.isIndex)) return []
      if (e.kind === 'binary' && e.operator === '^' && structuralExponent(e.right) !== null) return [e.left]
      return [...children(e)].reverse()
    }
    for (const part of bottomUp(root, parts)) {
      if (part.kind === 'compare' || part.kind === 'logic' || part.kind === 'not') this.condition(part)
      else this.inner(part)
    }
  }

  private inner(e: Expression): Code {
    if (e.kind === 'number') return this.literal(e.value)
    if (e.kind === 'name') {
      if (this.scope.parameters.has(e.name)) return this.named(`parameter ${e.name}`, parameter(e.name))
    }
    return this.once(e, () => this.compute(e))
  }

  private condition(e: Expression): Code {
    return this.once(e, () => {
      switch (e.kind) {
        case 'compare':
          return vector`f64x2.${comparison[e.operator]}(${this.inner(e.left)}, ${this.inner(e.right)})`
        case 'logic': {
          const operation = e.operator === '&&' ? 'and' : 'or'
          return vector`v128.${operation}(${this.condition(e.left)}, ${this.condition(e.right)})`
        }
        case 'not':
          return vector`v128.not(${this.condition(e.argument)})`
        default:
          throw new KernelError('EXPRESSION', `found an expression of kind ${e.kind} where a condition is needed`)
      }
    })
  }

  private compute(e: Expression): Code {
    switch (e.kind) {
      case 'name': {
        if (this.isIndex(e.name)) return vector`f64x2.splat(<f64>${indexLocal(e.name)})`
        const meant = this.meaning.name(e.name)
        if (meant === null) throw new KernelError('EXPRESSION', `unknown name ${e.name}`)
        return meant
      }
      case 'element':
        return this.meaning.element(e.index.kind === 'number' ? e.index.value : integer(e.index, this.isIndex))
      case 'negate':
        return vector`f64x2.neg(${this.inner(e.argument)})`
      case 'binary':
        if (e.operator === '^') return this.power(e.left, e.right)
        return vector`f64x2.${arithmetic[e.operator]}(${this.inner(e.left)}, ${this.inner(e.right)})`
      case 'call':
        return this.call(e)
      case 'reduce':
        return this.reduce(e)
      case 'select':
        return this.select(e)
      default:
        throw new KernelError('EXPRESSION', `found an expression of kind ${e.kind} where a number is needed`)
    }
  }

  private call({ function: name, arguments: given }: Extract<Expression, { kind: 'call' }>): Code {
    const values = given.map((each) => this.inner(each))
    const instruction = instructions[name]
    if (instruction !== undefined) return vector`f64x2.${instruction}(${listed(values)})`
    const a = values[0]!
    return name === 'relu' ? vector`v128.and(${a}, f64x2.gt(${a}, f64x2.splat(0)))` : elementary(name, a)
  }

  /** A power by repeated squaring from the leading bit, in the order of `elementary.powerInteger`. */
  private power(base: Expression, exponent: Expression): Code {
    const k = structuralExponent(exponent)
    if (k === null) return elementary('power', this.inner(base), this.inner(exponent))
    if (k === 0) return vector`f64x2.splat(1)`
    if (k < 0) {
      const positive: Expression = { kind: 'binary', operator: '^', left: base, right: { kind: 'number', value: -k } }
      return vector`f64x2.div(f64x2.splat(1), ${this.inner(positive)})`
    }
    if (k === 1) return this.inner(base)
    const half: Expression = { kind: 'number', value: k % 2 === 1 ? k - 1 : k / 2 }
    const smaller = this.inner(half.value === 1 ? base : { kind: 'binary', operator: '^', left: base, right: half })
    return vector`f64x2.mul(${smaller}, ${k % 2 === 1 ? this.inner(base) : smaller})`
  }

  private reduce(e: Extract<Expression, { kind: 'reduce' }>): Code {
    const total = this.scope.next()
    const [from, to] = [integer(e.from, this.isIndex), integer(e.to, this.isIndex)]
    const empty = e.operator === 'sum' ? '0' : '1'
    // A sum starts from -0, because -0 + a equals a for every a, whereas 0 + a changes a = -0 to 0.
    const start = e.operator === 'sum' ? '-0.0' : '1'
    const literals = typeof from === 'number' && typeof to === 'number'
    if (literals && from > to) return vector`f64x2.splat(${empty})`
    const add = e.operator === 'sum' ? 'add' : 'mul'
    const first = literals ? start : code`${from} > ${to} ? ${empty} : ${start}`
    this.push(variable(total, vector`f64x2.splat(${first})`))
    this.loop(e.index, from, to, () => this.assign(total, vector`f64x2.${add}(${total}, ${this.inner(e.body)})`))
    return total
  }

  /** A condition that depends only on indices becomes a branch. Any other condition selects lane by lane. */
  private select(e: Extract<Expression, { kind: 'select' }>): Code {
    if (!overIndices(e.condition, this.isIndex)) {
      return vector`v128.bitselect(${this.inner(e.then)}, ${this.inner(e.otherwise)}, ${this.condition(e.condition)})`
    }
    const name = this.scope.next()
    const condition = truth(e.condition, this.isIndex)
    const branch = (value: Expression): readonly Statement[] => {
      const block = new Block(null, true)
      this.blocks.push(block)
      this.assign(name, this.inner(value))
      this.blocks.pop()
      return block.statements
    }
    const [then, otherwise] = [branch(e.then), branch(e.otherwise)]
    this.push(empty(name), choice(condition, then, otherwise))
    return name
  }

  private readonly isIndex: IsIndex = (name) => this.blocks.some(({ index }) => index === name)

  private once(e: Expression, compute: () => Code): Code {
    const term = this.scope.terms.of(e)
    const place = this.placeOf(term)
    const known = this.knownFrom(place, term)
    if (known !== undefined) return known
    const blocks = this.blocks
    if (blocks.length > place + 1) this.blocks = blocks.slice(0, place + 1)
    const computed = compute()
    const name = computed.kind === 'local' ? computed : this.local(computed)
    this.blocks[place]!.known.set(term.id, name)
    this.blocks = blocks
    return name
  }

  private isWritten(e: Expression): boolean {
    const term = this.scope.terms.of(e)
    return this.knownFrom(this.placeOf(term), term) !== undefined
  }

  private knownFrom(place: number, { id }: Term): Code | undefined {
    for (let i = place; i >= 0; i--) {
      const known = this.blocks[i]!.known.get(id)
      if (known !== undefined) return known
    }
    return undefined
  }

  private placeOf(term: Term): number {
    for (let place = this.blocks.length - 1; place > 1; place--) {
      if (!this.blocks[place]!.varies(term.names)) continue
      while (this.blocks[place + 1]?.guarded) place++
      return place
    }
    return !term.reads && term.names.size === 0 ? 0 : 1
  }
}

function counting(index: Local, from: Part, to: Part, step: string, body: readonly Statement[]): Statement {
  const last = indexLocal(`${index.name}_end`)
  const begin = code`let ${index}: i32 = ${from}, ${last}: i32 = ${to}`
  return nest(code`for (${begin}; ${index} <= ${last}; ${index}${step})`, body, [index, last])
}

/**
 * If an exponent is a literal integer of absolute value at most 64, the power is expanded to multiplications. Returns
 * this integer, or null for any other exponent.
 */
function structuralExponent(e: Expression): number | null {
  return e.kind === 'number' && Number.isInteger(e.value) && Math.abs(e.value) <= 64 ? e.value : null
}

const arithmetic = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div' } as const
/** Functions that are one instruction each. */
const instructions: Readonly<Record<string, string>> = { sqrt: 'sqrt', abs: 'abs', min: 'pmin', max: 'pmax' }
const comparison = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge', '==': 'eq', '!=': 'ne' } as const

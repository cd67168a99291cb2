import { children, type Expression } from '@driftfarm/formula'
import { KernelError } from '../error.ts'
import { bottomUp } from '../model/tree.ts'
import { type IsIndex, integer, overIndices, truth } from './indices.ts'
import { Block, type Scope } from './scope.ts'
import type { Term } from './terms.ts'

/** Lines that a step may take in loops: seconds, and a trial can be stopped between steps alone. */
const mostWork = 500_000_000

/** Rounds of a loop of so few lines are written four at a time: it then takes up to a fifth less. */
const mostLinesInFours = 60

/** What the names of an expression stand for in the emitted code; each returns the name of a local or a pure expression. */
export interface Meaning {
  /** Value of a scalar name (coordinate, loss, step ...), or null: then it must be a parameter. */
  name(name: string): string | null
  /** Coordinate by a literal 1-based index, or by an i32 expression in index locals. */
  element(index: number | string): string
}

/**
 * Writes expressions as AssemblyScript over v128 locals: every value computed once (common subexpressions by
 * structure), each in the outermost block in which all it depends on is known. The order of operations inside an
 * expression is the tree's own, so the bits are those of any other evaluation of the same tree.
 */
export class Writer {
  /** Runs once a step (or once a call, outside the loop). */
  readonly body = new Block(null)
  private blocks: Block[]

  constructor(
    private readonly scope: Scope,
    private readonly meaning: Meaning,
  ) {
    this.blocks = [scope.prologue, this.body]
  }

  /** Local that holds a number of the cell in both lanes. */
  number(place: number): string {
    const name = `${this.scope.prefix}c${place}`
    if (!this.scope.loaded.has(place)) {
      this.scope.loaded.add(place)
      this.scope.prologue.lines.push(`const ${name} = v128.load64_splat(NUMBERS, ${place * 8})`)
    }
    return name
  }

  literal(value: number): string {
    return this.number(this.scope.numbers.literal(value))
  }

  /** A number of the cell that is no literal. */
  named(key: string, value: number): string {
    return this.number(this.scope.numbers.named(key, value))
  }

  line(text: string): void {
    this.blocks[this.blocks.length - 1]!.lines.push(text)
  }

  /** Runs `inside` with the body as the innermost block: what it writes does not depend on open loops. */
  atBody<T>(inside: () => T): T {
    const blocks = this.blocks
    this.blocks = blocks.slice(0, 2)
    const result = inside()
    this.blocks = blocks
    return result
  }

  /** A fresh local of the innermost block. */
  local(code: string): string {
    const name = this.scope.next()
    this.line(`const ${name} = ${code}`)
    return name
  }

  /** The same, to be assigned again. */
  variable(code: string): string {
    const name = this.scope.next()
    this.line(`let ${name} = ${code}`)
    return name
  }

  /** Emits `for (index = from; index <= to; index++)` around what `inside` writes; where that is short, four rounds in one. */
  loop(index: string, from: string, to: string, inside: () => void): void {
    const round = (): Block => {
      const block = new Block(index)
      this.blocks.push(block)
      inside()
      this.blocks.pop()
      return block
    }
    const one = round()
    const rounds = Number(to) - Number(from) + 1
    this.account(one.work * Math.max(0, rounds))
    if (rounds >= 4 && one.lines.length <= mostLinesInFours) {
      this.fours(index, Number(from), rounds, one, round)
    } else {
      const head = `for (${loopHead(index, from, to)}; ${index} <= ${index}_end; ${index}++) {`
      this.enclose(head, () => this.append(one.lines))
    }
  }

  /** Four rounds at a time, each with the index as a constant of its own, then those that are left. */
  private fours(index: string, from: number, rounds: number, one: Block, round: () => Block): void {
    const rest = from + rounds - (rounds % 4)
    const first = `${index}_first`
    const once = (value: string, { lines }: Block) => {
      this.enclose('{', () => this.append([`const ${index}: i32 = ${value}`, ...lines]))
    }
    const four = [one, round(), round(), round()]
    this.enclose(`for (${loopHead(first, from, rest)}; ${first} < ${first}_end; ${first} += 4) {`, () => {
      for (const [ahead, block] of four.entries()) once(`${first} + ${ahead}`, block)
    })
    for (let left = rest; left < from + rounds; left++) once(String(left), round())
  }

  private append(lines: readonly string[]): void {
    for (const line of lines) this.line(line)
  }

  private enclose(head: string, inside: () => void): void {
    const { lines } = this.blocks[this.blocks.length - 1]!
    lines.push(head)
    const before = lines.length
    inside()
    for (let i = before; i < lines.length; i++) lines[i] = `  ${lines[i]}`
    lines.push('}')
  }

  /** A loop of the innermost block takes so many lines more. Bounds are literals; others are taken for one round. */
  private account(work: number): void {
    const block = this.blocks[this.blocks.length - 1]!
    block.looped += Number.isNaN(work) ? 0 : work
    if (block.looped <= mostWork) return
    throw new KernelError(
      'EXPRESSION',
      `its sums and products, or those of its derivative, take ${block.looped.toExponential(1)} operations a step; at most ${mostWork}: take fewer terms, or fewer coordinates`,
    )
  }

  /** Emits `head { ... }` around what `inside` writes; the names `bound` have other values in each round. */
  repeat(head: string, bound: ReadonlySet<string>, inside: () => void): void {
    const block = new Block(null, false, bound)
    this.blocks.push(block)
    inside()
    this.blocks.pop()
    this.line(`${head} {`)
    for (const line of block.lines) this.line(`  ${line}`)
    this.line('}')
  }

  /** v128 of doubles. */
  value(e: Expression): string {
    const canonical = this.scope.terms.canonical(e)
    this.writeParts(canonical)
    return this.inner(canonical)
  }

  /** v128 mask: all bits of a lane set where the condition holds. */
  mask(e: Expression): string {
    const canonical = this.scope.terms.canonical(e)
    this.writeParts(canonical)
    return this.condition(canonical)
  }

  /**
   * Writes the parts of a tree from its leaves up, so that writing the tree needs no deep recursion; a term of a sum
   * just before it is added, so that few values wait.
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

  private inner(e: Expression): string {
    if (e.kind === 'number') return this.literal(e.value)
    if (e.kind === 'name') {
      const parameter = this.scope.parameters.get(e.name)
      if (parameter !== undefined) return this.number(this.scope.numbers.named(`parameter ${e.name}`, parameter))
    }
    return this.once(e, () => this.compute(e))
  }

  private condition(e: Expression): string {
    return this.once(e, () => {
      switch (e.kind) {
        case 'compare':
          return `f64x2.${comparison[e.operator]}(${this.inner(e.left)}, ${this.inner(e.right)})`
        case 'logic':
          return `v128.${e.operator === '&&' ? 'and' : 'or'}(${this.condition(e.left)}, ${this.condition(e.right)})`
        case 'not':
          return `v128.not(${this.condition(e.argument)})`
        default:
          throw new KernelError('EXPRESSION', `a ${e.kind} where a condition is needed`)
      }
    })
  }

  private compute(e: Expression): string {
    switch (e.kind) {
      case 'name': {
        if (this.isIndex(e.name)) return `f64x2.splat(<f64>${e.name})`
        const code = this.meaning.name(e.name)
        if (code === null) throw new KernelError('EXPRESSION', `unknown name ${e.name}`)
        return code
      }
      case 'element':
        return this.meaning.element(e.index.kind === 'number' ? e.index.value : integer(e.index, this.isIndex))
      case 'negate':
        return `f64x2.neg(${this.inner(e.argument)})`
      case 'binary':
        if (e.operator === '^') return this.power(e.left, e.right)
        return `f64x2.${arithmetic[e.operator]}(${this.inner(e.left)}, ${this.inner(e.right)})`
      case 'call':
        return this.call(
          e.function,
          e.arguments.map((argument) => this.inner(argument)),
        )
      case 'reduce':
        return this.reduce(e)
      case 'select':
        return this.select(e)
      default:
        throw new KernelError('EXPRESSION', `a ${e.kind} where a number is needed`)
    }
  }

  private call(name: string, values: readonly string[]): string {
    const [a, b] = values
    switch (name) {
      case 'sqrt':
      case 'abs':
        return `f64x2.${name}(${a})`
      case 'min':
        return `f64x2.pmin(${a}, ${b})`
      case 'max':
        return `f64x2.pmax(${a}, ${b})`
      case 'relu':
        return `v128.and(${a}, f64x2.gt(${a}, f64x2.splat(0)))`
      default:
        return `elementary.${name}_v(${a})`
    }
  }

  /** The order of `elementary.powerInteger`: repeated squaring from the leading bit. */
  private power(base: Expression, exponent: Expression): string {
    const k = structuralExponent(exponent)
    if (k === null) return `elementary.power_v(${this.inner(base)}, ${this.inner(exponent)})`
    if (k === 0) return 'f64x2.splat(1)'
    if (k < 0) {
      const positive: Expression = { kind: 'binary', operator: '^', left: base, right: { kind: 'number', value: -k } }
      return `f64x2.div(f64x2.splat(1), ${this.inner(positive)})`
    }
    if (k === 1) return this.inner(base)
    const half: Expression = { kind: 'number', value: k % 2 === 1 ? k - 1 : k / 2 }
    const smaller = this.inner(half.value === 1 ? base : { kind: 'binary', operator: '^', left: base, right: half })
    return `f64x2.mul(${smaller}, ${k % 2 === 1 ? this.inner(base) : smaller})`
  }

  private reduce(e: Extract<Expression, { kind: 'reduce' }>): string {
    const total = this.scope.next()
    const [from, to] = [integer(e.from, this.isIndex), integer(e.to, this.isIndex)]
    const empty = e.operator === 'sum' ? '0' : '1'
    // -0 + a is a for every a, so the sum starts from its first term.
    const start = e.operator === 'sum' ? '-0.0' : '1'
    const literals = e.from.kind === 'number' && e.to.kind === 'number'
    if (literals && Number(from) > Number(to)) return `f64x2.splat(${empty})`
    const add = e.operator === 'sum' ? 'add' : 'mul'
    this.line(`let ${total} = f64x2.splat(${literals ? start : `${from} > ${to} ? ${empty} : ${start}`})`)
    this.loop(e.index, from, to, () => this.line(`${total} = f64x2.${add}(${total}, ${this.inner(e.body)})`))
    return total
  }

  /** A condition over indices alone is a branch; any other picks lane by lane. */
  private select(e: Extract<Expression, { kind: 'select' }>): string {
    if (!overIndices(e.condition, this.isIndex)) {
      return `v128.bitselect(${this.inner(e.then)}, ${this.inner(e.otherwise)}, ${this.condition(e.condition)})`
    }
    const name = this.scope.next()
    const condition = truth(e.condition, this.isIndex)
    const branch = (value: Expression): string[] => {
      const block = new Block(null, true)
      this.blocks.push(block)
      this.line(`${name} = ${this.inner(value)}`)
      this.blocks.pop()
      return block.lines.map((line) => `  ${line}`)
    }
    const [then, otherwise] = [branch(e.then), branch(e.otherwise)]
    this.line(`let ${name}: v128`)
    for (const line of [`if (${condition}) {`, ...then, '} else {', ...otherwise, '}']) this.line(line)
    return name
  }

  private readonly isIndex: IsIndex = (name) => this.blocks.some(({ index }) => index === name)

  /** Name of the local that holds a term, computed where it is first needed. */
  private once(e: Expression, compute: () => string): string {
    const term = this.scope.terms.of(e)
    const place = this.placeOf(term)
    const known = this.knownFrom(place, term)
    if (known !== undefined) return known
    const blocks = this.blocks
    if (blocks.length > place + 1) this.blocks = blocks.slice(0, place + 1)
    const code = compute()
    const name = /^[a-z]\w*$/.test(code) ? code : this.local(code)
    this.blocks[place]!.known.set(term.id, name)
    this.blocks = blocks
    return name
  }

  private isWritten(e: Expression): boolean {
    const term = this.scope.terms.of(e)
    return this.knownFrom(this.placeOf(term), term) !== undefined
  }

  private knownFrom(place: number, { id }: Term): string | undefined {
    for (let i = place; i >= 0; i--) {
      const known = this.blocks[i]!.known.get(id)
      if (known !== undefined) return known
    }
    return undefined
  }

  /** The outermost block in which all that a term depends on is known. */
  private placeOf(term: Term): number {
    for (let place = this.blocks.length - 1; place > 1; place--) {
      if (!this.blocks[place]!.varies(term.names)) continue
      while (this.blocks[place + 1]?.guarded) place++
      return place
    }
    return !term.reads && term.names.size === 0 ? 0 : 1
  }
}

/** Index and end as they begin. */
function loopHead(index: string, from: number | string, end: number | string): string {
  return `let ${index}: i32 = ${from}, ${index}_end: i32 = ${end}`
}

/** The exponent of a power that is written out: a literal integer of at most 64. */
function structuralExponent(e: Expression): number | null {
  return e.kind === 'number' && Number.isInteger(e.value) && Math.abs(e.value) <= 64 ? e.value : null
}

const arithmetic = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div' } as const
const comparison = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge', '==': 'eq', '!=': 'ne' } as const

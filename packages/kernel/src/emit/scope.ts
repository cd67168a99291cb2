import { type Code, type Local, local } from './code/code.ts'
import { countLines, type Statement } from './code/statement.ts'
import type { Numbers } from './numbers.ts'
import { Terms } from './terms.ts'

/** A run of statements with what has been computed in it. */
export class Block {
  readonly statements: Statement[] = []
  /** Lines that the statements take. */
  lines = 0
  /** Lines that run inside loops of the block, once for each round. */
  looped = 0
  /** What holds a term, by its number. */
  readonly known = new Map<number, Code>()
  constructor(
    /** Set if the block is the body of a loop over this index. */
    readonly index: string | null,
    /** Whether the block runs only under a condition. */
    readonly guarded = false,
    /** Names that have a value of their own in each round of the block. */
    private readonly bound: ReadonlySet<string> = new Set(),
  ) {}

  push(statement: Statement): void {
    this.statements.push(statement)
    this.lines += countLines(statement)
  }

  /** Lines that a run of the block takes. */
  get work(): number {
    return this.lines + this.looped
  }

  /** Whether something over these names changes from round to round. */
  varies(names: ReadonlySet<string>): boolean {
    return (this.index !== null && names.has(this.index)) || [...this.bound].some((name) => names.has(name))
  }
}

/** One function being written: what its parts share. */
export class Scope {
  /** Runs once a call: constants of the cell. */
  readonly prologue = new Block(null)
  /** Numbers that the prologue loads, by place. */
  readonly loaded = new Map<number, Local>()
  readonly terms: Terms
  private count = 0

  constructor(
    readonly numbers: Numbers,
    readonly parameters: ReadonlyMap<string, number>,
    /** Begins the names of locals, where two scopes write one function. */
    readonly prefix = '',
  ) {
    this.terms = new Terms(parameters)
  }

  /** A fresh name. */
  next(type: Local['type'] = 'v128'): Local {
    return local(`${this.prefix}t${this.count++}`, type)
  }
}

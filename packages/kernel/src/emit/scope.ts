import { type Code, type Local, local } from './code/code.ts'
import { countLines, type Statement } from './code/statement.ts'
import type { Numbers } from './numbers.ts'
import { Terms } from './terms.ts'

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

/** What gives a vector of two lanes. */
const vectorValued =
  /^((f64x2|i64x2|i32x4|v128)\.(?!extract_lane|any_true|all_true|bitmask)|elementary\.\w+_v\(|\w+_o\(|lossOf\()/
const declaration = /\b(?:const|let) ([\w$]+)(?:: (\w+))?(?: = (.*))?$/
const loopHead = /^for \(let ([\w$]+)(: i32)? = [^;]*?, ([\w$]+)(?:: i32)? = /
/** The index of one of the rounds that a loop has written out. */
const ofRound = /^const [\w$]+: i32 = /
const assignment = /^([\w$]+) = /
const word = /[A-Za-z_$][\w$]*/g
/** Statements that leave the function or a loop cannot move out of it. */
const leaves = /\b(return|break|continue)\b/
/** Counters and addresses that go on. */
const steps = /^[\w$]+ ?(\+\+|--|[-+*]=)/
/** A number of the cell: loaded again wherever it is needed. */
const ofNumbers = /^const ([\w$]+) = (v128\.load64_splat\(NUMBERS, \d+\))$/

/** Types of the names of `samples.ts` that no line tells: addresses of rows. */
const addresses: ReadonlySet<string> = new Set(['row', 'row0', 'row1'])

/** The locals of one function of the generator: their types, and where they are declared, assigned and used. */
export class Locals {
  private readonly types = new Map<string, string | null>()
  private readonly reassigned = new Set<string>()
  private readonly handedIn = new Set<string>()
  private readonly constants = new Map<string, string>()
  /** Locals by line, since each line is asked for more than once. */
  private readonly named = new Map<string, readonly string[]>()
  private readonly counts: ReadonlyMap<string, number>

  constructor(head: string, lines: readonly string[]) {
    for (const [, name, type] of head.matchAll(/([\w$]+): (\w+)[,)]/g)) {
      this.types.set(name!, type!)
      this.handedIn.add(name!)
    }
    for (const indented of lines) this.note(indented.trim())
    this.counts = this.usesIn(lines.map((line) => line.trim()))
  }

  private note(line: string): void {
    const loop = loopHead.exec(line)
    if (loop !== null) {
      const [, first, type, second] = loop
      for (const name of [first!, second!]) this.types.set(name, type === undefined ? this.typeOfRow(name) : 'i32')
      return
    }
    const declared = declaration.exec(line)
    if (declared !== null) {
      const [, name, type, value] = declared
      this.types.set(name!, type ?? (this.isVector(value!) ? 'v128' : this.typeOfRow(name!)))
      if (line.startsWith('let ')) this.reassigned.add(name!)
      const number = ofNumbers.exec(line)
      if (number !== null) this.constants.set(name!, number[2]!)
      return
    }
    const assigned = assignment.exec(line)
    if (assigned !== null) this.reassigned.add(assigned[1]!)
  }

  private isVector(value: string): boolean {
    return vectorValued.test(value) || this.types.get(value) === 'v128'
  }

  private typeOfRow(name: string): string | null {
    return addresses.has(name) ? 'usize' : null
  }

  /** Whether a line may be part of another function: it changes vectors and indices alone, knows the types of all it names, and does not leave. */
  mayMove(line: string): boolean {
    if (leaves.test(line) || steps.test(line)) return false
    const changed =
      loopHead.test(line) || ofRound.test(line) ? [] : [...this.declaredIn(line), ...this.assignedIn(line)]
    if (changed.some((name) => this.types.get(name) !== 'v128')) return false
    return this.usedIn(line).every((name) => this.types.get(name) !== null)
  }

  typeOf(name: string): string {
    return this.types.get(name)!
  }

  /** Whether it is a vector that a line computes once. */
  isKept(name: string): boolean {
    if (this.reassigned.has(name) || this.handedIn.has(name) || this.constants.has(name)) return false
    return this.types.get(name) === 'v128'
  }

  /** Whether loops count by it: each declares it anew. */
  isIndex(name: string): boolean {
    return this.types.get(name) === 'i32'
  }

  /** The code that loads a number of the cell. */
  constant(name: string): string | undefined {
    return this.constants.get(name)
  }

  isConstant(line: string): boolean {
    return ofNumbers.test(line)
  }

  /** The line with numbers in their places; what another part assigns begins as 0 here. */
  replaced(line: string, by: ReadonlyMap<string, string>): string {
    if (/^let [\w$]+: v128$/.test(line)) return `${line} = i64x2.splat(0)`
    return by.size === 0 ? line : line.replace(word, (name) => by.get(name) ?? name)
  }

  usedIn(line: string): readonly string[] {
    const known = this.named.get(line)
    if (known !== undefined) return known
    const names = (line.match(word) ?? []).filter((name) => this.types.has(name))
    this.named.set(line, names)
    return names
  }

  /** Without those that the line declares. */
  readIn(line: string): readonly string[] {
    const declared = this.declaredIn(line)
    return this.usedIn(line).filter((name) => !declared.includes(name))
  }

  /** How often each local is named. */
  usesIn(lines: readonly string[]): Map<string, number> {
    const uses = new Map<string, number>()
    for (const line of lines) for (const name of this.usedIn(line)) uses.set(name, (uses.get(name) ?? 0) + 1)
    return uses
  }

  uses(name: string): number {
    return this.counts.get(name) ?? 0
  }

  declaredIn(line: string): string[] {
    if (loopHead.test(line)) return [...loopHead.exec(line)!].slice(1).filter((name) => this.types.has(name ?? ''))
    const declared = declaration.exec(line)
    return declared === null ? [] : [declared[1]!]
  }

  assignedIn(line: string): string[] {
    const assigned = assignment.exec(line)
    return assigned === null ? [] : [assigned[1]!]
  }
}

import { type Code, code, type Local, listed, vector } from './code.ts'
import { type FunctionCode, functionCode } from './function.ts'
import {
  assignment,
  constant,
  countAll,
  countLines,
  effect,
  type Line,
  linesOf,
  mapLines,
  type Statement,
  variable,
} from './statement.ts'

/**
 * Largest number of lines of a function; a longer function is divided. The compile time of a function grows faster than
 * its length, and engines refuse a function with 50,000 locals.
 */
const longest = 1500
/** Target number of lines of a part. */
const partLines = 400
/** Smallest number of consecutive lines that become a part; for fewer lines, a call is not worthwhile. */
const fewest = 20

const slotBytes = 16

/**
 * Counts the parts into which the long functions of a module are divided. Also counts the slots in the memory at FRAME,
 * through which the parts pass values to each other.
 */
export class Frame {
  parts = 0
  slots = 0

  get bytes(): number {
    return slotBytes * this.slots
  }
}

/**
 * Divides a long function into parts; returns a short function unchanged. Each part is a run of consecutive lines and
 * is called from the place where these lines were, so the order of all operations is unchanged. If a part computes a
 * value that another part needs, the first part stores the value in memory, and the other part loads it. Indices,
 * addresses, and variables that are assigned again are passed as parameters.
 */
export function divide(whole: FunctionCode, frame: Frame): readonly FunctionCode[] {
  // `countAll` counts neither the head nor the closing brace of the function.
  return countAll(whole.body) + 2 <= longest ? [whole] : new Division(whole, frame).functions()
}

class Division {
  private readonly locals: Locals
  private readonly parts: FunctionCode[] = []
  private readonly slots = new Map<string, number>()

  constructor(
    private readonly whole: FunctionCode,
    private readonly frame: Frame,
  ) {
    this.locals = new Locals(whole.parameters, linesOf(whole.body))
  }

  functions(): FunctionCode[] {
    const divided = this.divided(this.whole.body)
    const needed = new Set(linesOf(divided).flatMap((line) => readIn(line).map(({ name }) => name)))
    const body = mapLines(divided, (line) => this.handedOver(line, needed))
    return [{ ...this.whole, body }, ...this.parts]
  }

  private divided(statements: readonly Statement[]): readonly Statement[] {
    const result: Statement[] = []
    let run: Statement[] = []
    let count = 0
    const close = () => {
      for (const statement of count >= fewest ? this.part(run) : run) result.push(statement)
      run = []
      count = 0
    }
    for (const statement of statements) {
      if (statement.kind === 'line' && statement.number !== null) {
        result.push(statement)
        continue
      }
      const lines = countLines(statement)
      if (lines > partLines && statement.kind === 'nest') {
        close()
        const arms = statement.arms.map(({ head, body }) => ({ head, body: this.divided(body) }))
        result.push({ kind: 'nest', arms })
        continue
      }
      if (!linesOf([statement]).every(mayMove)) {
        close()
        result.push(statement)
        continue
      }
      run.push(statement)
      count += lines
      if (count >= partLines) close()
    }
    close()
    return result
  }

  private part(statements: readonly Statement[]): Statement[] {
    const { locals } = this
    const lines = linesOf(statements)
    const inside = countUses(lines)
    const named = byName(lines.flatMap(usedIn))
    const declared = byName(lines.flatMap(({ declares }) => declares))
    const assigned = byName(lines.flatMap(({ assigns }) => assigns ?? []))
    const parameters: Local[] = []
    const before: Line[] = []
    for (const [name, one] of named) {
      if (declared.has(name)) continue
      // A local may hold a number of the cell (`numbers.ts`). Each part loads it again.
      const number = locals.constant(one)
      if (number !== undefined) before.push(constant(one, number))
      else if (locals.isKept(one)) before.push(constant(one, this.load(one)))
      else parameters.push(one)
    }
    const after: Line[] = []
    const back: Line[] = []
    for (const one of new Map([...declared, ...assigned]).values()) {
      // A local of type i32 is always a loop index. It is not stored, because each loop declares its own index.
      if (one.type === 'i32' || locals.uses(one) === (inside.get(one.name) ?? 0)) continue
      after.push(this.store(one))
      if (!declared.has(one.name)) back.push(assignment(one, this.load(one)))
      else back.push(locals.isKept(one) ? constant(one, this.load(one)) : variable(one, this.load(one)))
    }
    const title = `part${this.frame.parts++}`
    const body = mapLines(statements, (line) => [withValue(line)])
    this.parts.push(functionCode(`function ${title}`, parameters, 'void', [...before, ...body, ...after]))
    for (const one of declared.values()) if (locals.isKept(one)) this.inParts.add(one.name)
    return [effect(code`${title}(${listed(parameters)})`), ...back]
  }

  /** Names of locals that are declared in a part. The part stores their values, so its caller does not. */
  private readonly inParts = new Set<string>()

  private slotOf({ name }: Local): number {
    const slot = this.slots.get(name) ?? this.frame.slots++
    this.slots.set(name, slot)
    return slotBytes * slot
  }

  private load(one: Local): Code {
    return vector`v128.load(FRAME, ${this.slotOf(one)})`
  }

  private store(one: Local): Line {
    return effect(code`v128.store(FRAME, ${one}, ${this.slotOf(one)})`)
  }

  /**
   * If the line computes a value that a part needs, a second line stores the value. Some lines only load a number of
   * the cell, or a value that a part has stored, into a local. Such a line is kept only if the function still reads
   * this local.
   */
  private handedOver(line: Line, needed: ReadonlySet<string>): readonly Line[] {
    const [one] = line.declares
    if (line.number !== null) return needed.has(one!.name) ? [line] : []
    if (one === undefined || !this.slots.has(one.name) || !this.locals.isKept(one)) return [line]
    if (this.inParts.has(one.name)) return needed.has(one.name) ? [line] : []
    return [line, this.store(one)]
  }
}

function byName(locals: readonly Local[]): Map<string, Local> {
  const named = new Map<string, Local>()
  for (const one of locals) if (!named.has(one.name)) named.set(one.name, one)
  return named
}

/**
 * A variable that is declared without a value gets the value 0. The part that declares the variable writes it to FRAME
 * at the end, even if only a later part assigns the variable, so the variable needs a value.
 */
function withValue(line: Line): Line {
  return line.isEmpty ? { ...line, pieces: [...line.pieces, ' = i64x2.splat(0)'] } : line
}

class Locals {
  private readonly reassigned = new Set<string>()
  private readonly parameterNames: ReadonlySet<string>
  private readonly constants = new Map<string, Code>()
  private readonly counts: ReadonlyMap<string, number>

  constructor(parameters: readonly Local[], lines: readonly Line[]) {
    this.parameterNames = new Set(parameters.map(({ name }) => name))
    for (const { declares, assigns, varies, number } of lines) {
      if (varies) for (const { name } of declares) this.reassigned.add(name)
      if (assigns !== null) this.reassigned.add(assigns.name)
      if (number !== null) this.constants.set(declares[0]!.name, number)
    }
    this.counts = countUses(lines)
  }

  /** Whether the local is a vector that one line of the function computes and no other line changes. */
  isKept({ name, type }: Local): boolean {
    return type === 'v128' && !this.reassigned.has(name) && !this.parameterNames.has(name) && !this.constants.has(name)
  }

  constant({ name }: Local): Code | undefined {
    return this.constants.get(name)
  }

  uses({ name }: Local): number {
    return this.counts.get(name) ?? 0
  }
}

/**
 * Whether a line may be moved to another function. The line must change only vectors, must not exit a function or loop,
 * and must contain only names of known type.
 */
function mayMove(line: Line): boolean {
  const { declares, assigns, stays } = line
  if (stays || (assigns !== null && assigns.type !== 'v128')) return false
  // A local of type i32 is always a loop index. Each loop declares its own index, so a line that declares one may be
  // moved.
  return (
    declares.every(({ type }) => type === 'v128' || type === 'i32') && usedIn(line).every(({ type }) => type !== null)
  )
}

function usedIn({ pieces }: Line): Local[] {
  return pieces.filter((piece) => typeof piece !== 'string' && piece.kind === 'local')
}

function readIn(line: Line): Local[] {
  return usedIn(line).filter(({ name }) => !line.declares.some((declared) => declared.name === name))
}

function countUses(lines: readonly Line[]): Map<string, number> {
  const uses = new Map<string, number>()
  for (const line of lines) for (const { name } of usedIn(line)) uses.set(name, (uses.get(name) ?? 0) + 1)
  return uses
}

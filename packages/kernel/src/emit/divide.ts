import { type Body, bodyOf, countLines, type Item, linesOf } from './body.ts'
import { Locals } from './locals.ts'

/**
 * A function of more lines is divided: the compilers of engines take time that grows faster than a function does, and
 * refuse one of 50,000 locals.
 */
const longest = 1500
/** Lines of a part. */
const partLines = 400
/** Fewer lines are not worth a call. */
const fewest = 20

/** Bytes of a value that parts hand on. */
const slotBytes = 16

export interface Divided {
  readonly lines: readonly string[]
  /** Of the values that parts hand to one another in memory, at FRAME. */
  readonly frameBytes: number
}

/**
 * Divides long functions. Parts are runs of lines, called where they stood, so that the order of all operations
 * stays. What one computes and another needs goes through memory; what is assigned again and again, and indices and
 * addresses, are handed over as parameters.
 */
export function divide(lines: readonly string[]): Divided {
  const result: string[] = []
  const frame: Frame = { parts: 0, slots: 0 }
  for (let at = 0; at < lines.length; ) {
    const head = lines[at]!
    const end = /^(export )?function /.test(head) ? lines.indexOf('}', at) : at
    const whole = lines.slice(at, end + 1)
    const written = whole.length <= longest ? whole : new Division(head, whole.slice(1, -1), frame).lines()
    for (const line of written) result.push(line)
    at = end + 1
  }
  return { lines: result, frameBytes: slotBytes * frame.slots }
}

interface Frame {
  parts: number
  slots: number
}

/** One function being divided. */
class Division {
  private readonly body: Body
  private readonly locals: Locals
  private readonly parts: string[] = []
  private readonly slots = new Map<string, number>()

  constructor(
    private readonly head: string,
    lines: readonly string[],
    private readonly frame: Frame,
  ) {
    this.body = bodyOf(lines)
    this.locals = new Locals(head, lines)
  }

  lines(): string[] {
    const items = this.divided(this.body)
    const inline = linesOf(items)
    const needed = new Set(inline.flatMap((line) => this.locals.readIn(line)))
    const whole = inline.flatMap((line) => this.handedOver(line, needed))
    return [this.head, ...whole, '}', '', ...this.parts]
  }

  /** Items with parts in place of their long runs. */
  private divided(items: Body): Body {
    const { locals } = this
    const result: Item[] = []
    let run: Item[] = []
    let count = 0
    const close = () => {
      for (const item of count >= fewest ? this.part(run) : run) result.push(item)
      run = []
      count = 0
    }
    for (const item of items) {
      if (typeof item === 'string' && locals.isConstant(item)) {
        result.push(item)
        continue
      }
      const lines = countLines(item)
      if (lines > partLines && typeof item !== 'string') {
        close()
        result.push({ ...item, arms: item.arms.map(({ head, body }) => ({ head, body: this.divided(body) })) })
        continue
      }
      if (!linesOf([item]).every((line) => locals.mayMove(line))) {
        close()
        result.push(item)
        continue
      }
      run.push(item)
      count += lines
      if (count >= partLines) close()
    }
    close()
    return result
  }

  /** A function of the items, and the line that calls it with what comes back. */
  private part(items: Body): Item[] {
    const { locals } = this
    const lines = linesOf(items)
    const inside = locals.usesIn(lines)
    const declared = new Set(lines.flatMap((line) => locals.declaredIn(line)))
    const assigned = new Set(lines.flatMap((line) => locals.assignedIn(line)))
    const parameters: string[] = []
    const before: string[] = []
    /** Numbers that are used once are loaded there. */
    const inPlace = new Map<string, string>()
    for (const name of inside.keys()) {
      if (declared.has(name)) continue
      const number = locals.constant(name)
      if (number !== undefined && inside.get(name) === 1) inPlace.set(name, number)
      else if (number !== undefined) before.push(`const ${name} = ${number}`)
      else if (locals.isKept(name)) before.push(`const ${name} = v128.load(FRAME, ${this.slotOf(name)})`)
      else parameters.push(name)
    }
    const after: string[] = []
    const back: Item[] = []
    for (const name of new Set([...declared, ...assigned])) {
      if (locals.isIndex(name)) continue
      if (locals.uses(name) === (inside.get(name) ?? 0)) continue
      after.push(`v128.store(FRAME, ${name}, ${this.slotOf(name)})`)
      const word = declared.has(name) ? (locals.isKept(name) ? 'const ' : 'let ') : ''
      back.push(`${word}${name} = v128.load(FRAME, ${this.slotOf(name)})`)
    }
    const title = `part${this.frame.parts++}`
    const typed = parameters.map((name) => `${name}: ${locals.typeOf(name)}`).join(', ')
    this.parts.push(
      `function ${title}(${typed}): void {`,
      ...[...before, ...lines.map((line) => locals.replaced(line, inPlace)), ...after].map((line) => `  ${line}`),
      '}',
      '',
    )
    for (const name of declared) if (locals.isKept(name)) this.inParts.add(name)
    return [`${title}(${parameters.join(', ')})`, ...back]
  }

  /** Values that a part computes: the function itself stores none of them. */
  private readonly inParts = new Set<string>()

  private slotOf(name: string): number {
    let slot = this.slots.get(name)
    if (slot === undefined) {
      slot = this.frame.slots++
      this.slots.set(name, slot)
    }
    return slotBytes * slot
  }

  /** A line that stays: values that parts need are stored, and only those that are needed here are loaded again. */
  private handedOver(line: string, needed: ReadonlySet<string>): string[] {
    const [name] = this.locals.declaredIn(line)
    if (this.locals.isConstant(line)) return needed.has(name!) ? [line] : []
    const slot = name === undefined ? undefined : this.slots.get(name)
    if (slot === undefined || !this.locals.isKept(name!)) return [line]
    if (this.inParts.has(name!)) return needed.has(name!) ? [line] : []
    return [line, `v128.store(FRAME, ${name}, ${slotBytes * slot})`]
  }
}

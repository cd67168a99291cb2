import {
  code,
  elementary,
  type Local,
  linesOf,
  listed,
  local,
  type Piece,
  pinned,
  plain,
  type Statement,
  vector,
} from './code.ts'

export interface FunctionCode {
  readonly kind: 'function'
  readonly head: readonly Piece[]
  readonly parameters: readonly Local[]
  readonly body: readonly Statement[]
  /**
   * In a divided function, blocks are not indented, and each line gets this prefix. In other functions, blocks are
   * indented, and the prefix is null.
   */
  readonly flat: string | null
}

export type Item = FunctionCode | string

export function exported(
  name: string,
  parameters: readonly Local[],
  result: 'v128' | 'i64' | 'void',
  body: readonly Statement[],
): FunctionCode {
  return functionCode(`export function ${name}`, parameters, result, body)
}

export function inner(
  name: string,
  parameters: readonly Local[],
  result: 'v128' | 'void',
  body: readonly Statement[],
): FunctionCode {
  return functionCode(`function ${name}`, parameters, result, body)
}

function functionCode(
  title: string,
  parameters: readonly Local[],
  result: string,
  body: readonly Statement[],
): FunctionCode {
  const typed = listed(parameters.map((each) => `${each.name}: ${each.type}`))
  return { kind: 'function', head: code`${title}(${typed}): ${result} {`.pieces, parameters, body, flat: null }
}

export function written(signature: string, lines: readonly string[]): FunctionCode {
  return { kind: 'function', head: [`${signature} {`], parameters: [], body: plain(lines), flat: null }
}

/** If `outlined`, elementary functions are called through functions of the module. */
export function print(items: readonly Item[], outlined: boolean): string[] {
  const lines: string[] = []
  for (const item of items) {
    if (typeof item === 'string') lines.push(item)
    else new Printer(lines, item, outlined).print()
  }
  return lines
}

class Printer {
  constructor(
    private readonly lines: string[],
    private readonly written: FunctionCode,
    private readonly outlined: boolean,
  ) {}

  print(): void {
    const { head, body, flat } = this.written
    this.lines.push(this.textOf(head))
    this.statements(body, flat ?? '  ')
    this.lines.push('}', '')
  }

  private statements(statements: readonly Statement[], before: string): void {
    const inside = this.written.flat ?? `  ${before}`
    for (const statement of statements) {
      if (statement.kind === 'line') this.lines.push(before + this.textOf(statement.pieces))
      else {
        for (const { head, body } of statement.arms) {
          this.lines.push(before + this.textOf(head.pieces))
          this.statements(body, inside)
        }
        this.lines.push(`${before}}`)
      }
    }
  }

  private textOf(pieces: readonly Piece[]): string {
    let text = ''
    for (const piece of pieces) text += typeof piece === 'string' ? piece : this.nameOf(piece)
    return text
  }

  private nameOf({ kind, name }: Exclude<Piece, string>): string {
    if (kind !== 'elementary') return name
    return this.outlined ? `${name}_o` : `elementary.${name}_v`
  }
}

/**
 * If the code has at most this many calls of elementary functions, they are inlined, which saves 3 of 6 ns per call. If
 * more calls were inlined, the compiler would take minutes (85 s for 200 nested exponentials), and the code would
 * outgrow the caches.
 */
const maxInline = 60

/**
 * Inlines elementary functions if there are at most `maxInline` calls. Otherwise, emits each function once and calls
 * it.
 */
export function outlined(items: readonly Item[]): string[] {
  const used = items.flatMap((item) => (typeof item === 'string' ? [] : calleesOf(item, 'elementary')))
  if (used.length <= maxInline) return print(items, false)
  const functions = [...new Set(used)].sort().map((name) => {
    const values = (name === 'power' ? ['x', 'y'] : ['x']).map((value) => local(value))
    return inner(`${name}_o`, values, 'v128', [pinned(vector`return ${elementary(name, ...values)}`)])
  })
  return [...print(items, true), ...print(functions, false)]
}

/** Names of the functions of the given kind that the code calls, with repetitions. */
export function calleesOf({ body }: FunctionCode, kind: 'elementary' | 'landscape'): string[] {
  const names: string[] = []
  for (const { pieces } of linesOf(body))
    for (const piece of pieces) if (typeof piece !== 'string' && piece.kind === kind) names.push(piece.name)
  return names
}

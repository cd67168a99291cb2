import type { Piece } from './code.ts'
import type { FunctionCode, Item } from './functionCode.ts'
import type { Statement } from './statement.ts'

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

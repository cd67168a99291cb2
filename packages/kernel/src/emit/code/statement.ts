import { type Code, code, type Local, type Part, type Piece, piecesOf, text } from './code.ts'

/** A statement of a function, or the head of a block. */
export interface Line {
  readonly kind: 'line'
  readonly pieces: readonly Piece[]
  readonly declares: readonly Local[]
  readonly assigns: Local | null
  /** Whether the declared local is assigned again. */
  readonly varies: boolean
  /**
   * Whether the line must stay in its function, because it exits the function or a loop, or advances a counter or
   * address.
   */
  readonly stays: boolean
  /**
   * If the declared local holds one of the numbers of the cell (`numbers.ts`), the code that loads this number; else
   * null.
   */
  readonly number: Code | null
  /** Whether the line declares a local without a value. */
  readonly isEmpty: boolean
}

/** An `if` with its branches, a loop, or a block in bare braces. */
export interface Nest {
  readonly kind: 'nest'
  readonly arms: readonly { readonly head: Line; readonly body: readonly Statement[] }[]
}

export type Statement = Line | Nest

const unmarked = { declares: [], assigns: null, varies: false, stays: false, number: null, isEmpty: false }

function line(written: Code, marks: Partial<Omit<Line, 'kind' | 'pieces'>> = {}): Line {
  return { kind: 'line', pieces: piecesOf(written), ...unmarked, ...marks }
}

export function constant(name: Local, value: Code): Line {
  const number = value.kind === 'code' && value.isNumber ? value : null
  return line(code`const ${name} = ${value}`, { declares: [name], number })
}

export function variable(name: Local, value: Code): Line {
  return line(code`let ${name} = ${value}`, { declares: [name], varies: true })
}

export function empty(name: Local): Line {
  return line(code`let ${name}: ${name.type!}`, { declares: [name], varies: true, isEmpty: true })
}

export function assignment(name: Local, value: Code): Line {
  return line(code`${name} = ${value}`, { assigns: name })
}

export function effect(written: Code): Line {
  return line(written)
}

/** A statement that cannot be moved: it exits a function or loop, advances a counter, or assigns under a condition. */
export function pinned(written: Code): Line {
  return line(written, { stays: true })
}

/** Statements of a short function, given as text. The names in the text are not tracked. */
export function plain(lines: readonly string[]): Line[] {
  return lines.map((each) => pinned(text(each)))
}

/**
 * `declares` lists the locals that the head declares, such as a loop variable; their values change with each iteration.
 */
export function nest(head: Part, body: readonly Statement[], declares: readonly Local[] = []): Nest {
  return { kind: 'nest', arms: [{ head: line(code`${head} {`, { declares }), body }] }
}

export function braces(body: readonly Statement[]): Nest {
  return { kind: 'nest', arms: [{ head: line(text('{')), body }] }
}

export function choice(condition: Code, then: readonly Statement[], otherwise: readonly Statement[] | null): Nest {
  const first = { head: line(code`if (${condition}) {`), body: then }
  const second = otherwise === null ? [] : [{ head: line(text('} else {')), body: otherwise }]
  return { kind: 'nest', arms: [first, ...second] }
}

export function countLines(statement: Statement): number {
  if (statement.kind === 'line') return 1
  let lines = 1
  for (const { body } of statement.arms) lines += 1 + countAll(body)
  return lines
}

export function countAll(statements: readonly Statement[]): number {
  let lines = 0
  for (const statement of statements) lines += countLines(statement)
  return lines
}

export function linesOf(statements: readonly Statement[], into: Line[] = []): Line[] {
  for (const statement of statements) {
    if (statement.kind === 'line') into.push(statement)
    else
      for (const { head, body } of statement.arms) {
        into.push(head)
        linesOf(body, into)
      }
  }
  return into
}

/** Replaces each line by the lines that `change` returns. The heads of blocks are not replaced. */
export function mapLines(statements: readonly Statement[], change: (line: Line) => readonly Line[]): Statement[] {
  return statements.flatMap((statement): readonly Statement[] =>
    statement.kind === 'line'
      ? change(statement)
      : [{ kind: 'nest', arms: statement.arms.map(({ head, body }) => ({ head, body: mapLines(body, change) })) }],
  )
}

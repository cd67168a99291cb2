/** A call of `cells('name')` in place of a table. */
export interface CellsCall {
  readonly start: number
  readonly end: number
  /** The name as an SQL literal, with its quotes. */
  readonly sweep: string
}

/** Parts of a statement that cannot contain a call: strings, quoted names, line comments, dollar-quoted strings. */
const quoted = /E'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|(\$[\w]*\$).*?\1/isy
const call = /(?:public\s*\.\s*)?cells\s*\(\s*('(?:[^']|'')*')\s*\)/iy
/** A word or a comma that may precede a table. */
const before = /(?:\b(?:from|join|lateral)|,)$/i

/**
 * Finds the calls of `cells` that a statement uses in place of a table and whose argument is a literal. The columns of
 * an SQL function are fixed when it is created, so `cells(text)` returns the columns of all sweeps. A literal names the
 * sweep, so the caller can rewrite the call to return only the columns of this sweep.
 */
export function cellsCalls(statement: string): readonly CellsCall[] {
  const calls: CellsCall[] = []
  let code = ''
  for (let at = 0; at < statement.length; ) {
    const skipped = commentAt(statement, at) ?? matchAt(quoted, statement, at)?.[0].length
    if (skipped !== undefined) {
      // Comments and strings are not searched for calls. In `code`, a space replaces a comment, and two quotation marks
      // replace a string or quoted name.
      code += /^(?:--|\/\*)/.test(statement.slice(at, at + 2)) ? ' ' : "''"
      at += skipped
      continue
    }
    const found = /[\w$]$/.test(code) ? null : matchAt(call, statement, at)
    if (found !== null && before.test(code.trimEnd())) {
      const end = at + found[0].length
      calls.push({ start: at, end, sweep: found[1]! })
      code += 'cells'
      at = end
      continue
    }
    code += statement[at]
    at++
  }
  return calls
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** Comments may be nested. */
function commentAt(text: string, at: number): number | undefined {
  if (!text.startsWith('/*', at)) return undefined
  let depth = 0
  for (let i = at; i < text.length; i++) {
    const two = text.slice(i, i + 2)
    if (two === '/*') depth++
    else if (two === '*/') depth--
    else continue
    i++
    if (depth === 0) return i + 1 - at
  }
  return text.length - at
}

/** A statement with some parts replaced. */
export interface Rewritten {
  readonly text: string
  /** Maps a position in `text` to the position in the original statement. Both positions count from 0. */
  readonly original: (at: number) => number
}

/** Replaces each call by the text at the same index of `texts`. */
export function rewritten(statement: string, calls: readonly CellsCall[], texts: readonly string[]): Rewritten {
  let text = ''
  let from = 0
  const places: { readonly start: number; readonly end: number; readonly call: CellsCall }[] = []
  for (const [i, each] of calls.entries()) {
    text += statement.slice(from, each.start)
    places.push({ start: text.length, end: text.length + texts[i]!.length, call: each })
    text += texts[i]
    from = each.end
  }
  text += statement.slice(from)
  const original = (at: number): number => {
    let moved = at
    for (const { start, end, call } of places) {
      if (at < start) break
      if (at < end) return call.start
      moved = at - end + call.end
    }
    return moved
  }
  return { text, original }
}

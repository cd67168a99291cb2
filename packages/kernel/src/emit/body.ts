/** The lines of a function as statements and blocks. Lines are without the indentation of the function. */
export type Body = readonly Item[]
export type Item = string | Block

/** `if (..) {` with what follows it, `} else {` with what follows that, and so on. */
interface Block {
  readonly arms: readonly { readonly head: string; readonly body: Body }[]
}

/** Of lines as the generator writes them: a block opens at the end of a line and closes at the beginning of one. */
export function bodyOf(lines: readonly string[]): Body {
  const open: { arms: { head: string; body: Item[] }[] }[] = [{ arms: [{ head: '', body: [] }] }]
  const innermost = () => open[open.length - 1]!.arms.at(-1)!.body
  for (const indented of lines) {
    const line = indented.trim()
    if (line.startsWith('}')) {
      if (line === '}') {
        const block = open.pop()!
        innermost().push(block)
      } else open[open.length - 1]!.arms.push({ head: line, body: [] })
    } else if (line.endsWith('{')) open.push({ arms: [{ head: line, body: [] }] })
    else innermost().push(line)
  }
  return innermost()
}

export function linesOf(body: Body): string[] {
  return body.flatMap((item) =>
    typeof item === 'string' ? [item] : [...item.arms.flatMap(({ head, body }) => [head, ...linesOf(body)]), '}'],
  )
}

export function countLines(item: Item): number {
  if (typeof item === 'string') return 1
  return item.arms.reduce((sum, { body }) => body.reduce((inner, part) => inner + countLines(part), sum + 1), 1)
}

import type { Warning } from '@driftfarm/statistics'

/** Cells named in a line before it says how many more there are. */
const mostNamed = 5

/** The warnings of a document: one line a kind, whatever the number of cells. */
export function warningLines(byCell: Iterable<readonly [index: number, warnings: readonly Warning[]]>): string[] {
  const kinds = new Map<string, { readonly message: string; readonly first: number; count: number; others: number[] }>()
  for (const [index, warnings] of byCell) {
    for (const { code, estimate, message } of warnings) {
      const kind = kinds.get(`${code} ${estimate}`)
      if (kind === undefined) kinds.set(`${code} ${estimate}`, { message, first: index, count: 1, others: [] })
      else {
        kind.count++
        if (kind.others.length < mostNamed) kind.others.push(index)
      }
    }
  }
  return [...kinds.values()].map(({ message, first, count, others }) => {
    const line = `cell ${first}: ${message}`
    if (count === 1) return line
    const unnamed = count - 1 - others.length
    return `${line}; likewise cell${others.length > 1 ? 's' : ''} ${others.join(', ')}${unnamed > 0 ? ` and ${unnamed} more` : ''}`
  })
}

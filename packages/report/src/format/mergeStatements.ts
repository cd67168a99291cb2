import { groupedBy } from '@driftfarm/formula'
import { listed } from './text.ts'

export interface Statement {
  readonly at: string | number
  readonly text: string
}

const maxNamed = 4

/**
 * Merges sentences about several fits or cells. If sentences differ only in their numbers, the first of them is
 * printed, and the places of the others are listed as similar. A sentence that is identical for all `count` places is
 * printed without a place.
 *
 *     mergeStatements([{ at: 1, text: '2 cells' }, { at: 2, text: '3 cells' }], 'eta', 5)
 *     // ['eta 1: 2 cells; similar at 2']
 */
export function mergeStatements(said: readonly Statement[], title: string, count: number): string[] {
  const groups = groupedBy(said, ({ text }) => text.replace(/\d+(\.\d+)?(e[+-]?\d+)?/gi, '#'))
  return [...groups.values()].map((group) => {
    const [first, ...rest] = group
    const { at, text } = first!
    if (group.length === count && rest.every((each) => each.text === text)) return text
    const others = rest.map((each) => each.at)
    return `${title} ${at}: ${text}${others.length === 0 ? '' : `; similar at ${listed(others, maxNamed)}`}`
  })
}

/** Why places have no fit. `fits` places have one. */
export function noFitTexts(
  refused: readonly { readonly at: Statement['at']; readonly why: string }[],
  title: string,
  fits: number,
): string[] {
  const said = refused.map(({ at, why }) => ({ at, text: `no fit: ${why}` }))
  return mergeStatements(said, title, fits + refused.length)
}

import * as z from 'zod'
import { count, type Plain } from '../shape.ts'
import { type Check, checkNames, checkShape, notChecked, verdicts } from './check.ts'

const maxListedCells = 20

/**
 * A check that gives the same result for one or more cells. Numbers that differ among the cells are given as ranges.
 */
export const findingShape = checkShape.extend({
  cells: z.array(count).max(maxListedCells).describe('Indices of the first cells to which the finding applies.'),
  count: count.describe('Number of cells to which the finding applies.'),
})

export type Finding = Plain<z.infer<typeof findingShape>>

/** Matches a number as messages write it, but not the digits in a name such as m2 or x[1]. */
const number = /(?<![\w.[-])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w\]])/g

interface Group {
  readonly check: Check
  readonly parts: readonly string[]
  readonly ranges: Range[]
  readonly cells: number[]
  count: number
}

interface Range {
  low: string
  high: string
}

/**
 * Collects all checks other than `good`, each once: worst first, then in the order of `checkNames`. Checks that differ
 * only in their numbers are merged into one finding, with ranges in place of these numbers.
 *
 *     // { name: 'stability', verdict: 'doubtful', text: 'eta 1.2 to 1.8 times ..', hint: .., cells: [0, 4, 8],
 *     //   count: 3 }
 */
export class Findings {
  readonly #groups = new Map<string, Group>()

  /** Adds the checks of a cell. Cells must be added in the order of their indices. */
  add(index: number, checks: readonly Check[]): void {
    for (const check of checks) if (check.verdict !== 'good') this.#add(index, check)
  }

  all(): readonly Finding[] {
    const rank = ({ verdict, name }: Check) => -verdicts.indexOf(verdict) * checkNames.length + checkNames.indexOf(name)
    return [...this.#groups.values()].map(findingOf).sort((a, b) => rank(a) - rank(b) || b.count - a.count)
  }

  #add(index: number, check: Check): void {
    const whole = `${check.text}\n${check.hint ?? ''}`
    const numbers = whole.match(number) ?? []
    const parts = whole.split(number)
    const key = `${check.name} ${check.verdict} ${parts.join('#')}`
    const group = this.#groups.get(key)
    if (group === undefined) {
      const ranges = numbers.map((each) => ({ low: each, high: each }))
      this.#groups.set(key, { check, parts, ranges, cells: [index], count: 1 })
      return
    }
    for (const [at, each] of numbers.entries()) {
      const range = group.ranges[at]!
      if (Number(each) < Number(range.low)) range.low = each
      if (Number(each) > Number(range.high)) range.high = each
    }
    // If a cell has two checks that differ only in their numbers, both are in this group. The cell is counted once.
    if (group.cells.at(-1) === index) return
    group.count++
    if (group.cells.length < maxListedCells) group.cells.push(index)
  }
}

export function findingsOf(
  cells: Iterable<{ readonly index: number; readonly checks: readonly Check[] }>,
): readonly Finding[] {
  const findings = new Findings()
  for (const { index, checks } of cells) findings.add(index, checks)
  return findings.all()
}

/** Follows "every check" or "no check": a result must not claim anything about checks that were left out. */
export const whichRan = (findings: readonly Pick<Finding, 'verdict' | 'text'>[]): string =>
  findings.some(({ verdict, text }) => verdict === 'note' && text.startsWith(notChecked)) ? ' that could be run' : ''

function findingOf({ check, parts, ranges, cells, count }: Group): Finding {
  const whole = parts.map((part, at) => (ranges[at] === undefined ? part : part + written(ranges[at]))).join('')
  const [text = '', hint = ''] = whole.split('\n')
  return { ...check, text, hint: check.hint === null ? null : hint, cells, count }
}

const written = ({ low, high }: Range): string => (low === high ? low : `${low} to ${high}`)

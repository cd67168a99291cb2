import { isLive, type SweepState } from '@driftfarm/spec'
import { type Check, type Finding, isDoubt, whichRan } from '@driftfarm/statistics'
import * as z from 'zod'
import { countText, runsOf } from '../format/quantity.ts'
import { type Paint, painter, type TableOptions } from '../format/table.ts'
import { printable, sentenceOf, texts, wrapped } from '../format/text.ts'

const maxListed = 8
const maxRuns = 5

const marks = { doubtful: '?', wrong: '!' } as const

export const doubtShape = z.enum(['doubtful', 'wrong']).nullable()
export type Doubt = z.infer<typeof doubtShape>

type Judged = Readonly<{ checks: readonly Check[]; stopped: unknown }>

/** The worst verdict among the checks of a finished cell; null if no check is doubtful or wrong. */
export function doubtOf({ checks, stopped }: Judged): Doubt {
  if (stopped === null) return null
  if (checks.some(({ verdict }) => verdict === 'wrong')) return 'wrong'
  return checks.some(isDoubt) ? 'doubtful' : null
}

/** ! wrong, ? doubtful; otherwise `sign`. */
export const doubtSign = (doubt: Doubt, sign = ''): string => (doubt === null ? sign : marks[doubt])

export const markOf = (cell: Judged): string => doubtSign(doubtOf(cell))

/** The cells of a sweep on which there is a verdict. */
export interface FinishedCells {
  readonly state: SweepState
  readonly cells: number
  readonly finished: number
  /** Number of finished cells that pass every check. */
  readonly firm: number
}

/** The cells of a whole sweep on which there is a verdict. */
export function finishedCells(state: SweepState, cells: readonly Judged[]): FinishedCells {
  const seen = new CheckedCells()
  for (const { checks, stopped } of cells) seen.observe(checks, stopped !== null)
  return { ...seen, state }
}

/** Pass each cell to `observe` once. */
export class CheckedCells {
  cells = 0
  finished = 0
  firm = 0
  readonly #marks = new Set<string>()

  observe(checks: readonly Check[], isFinished: boolean): void {
    this.#marks.add(markOf({ checks, stopped: isFinished || null }))
    this.cells++
    if (!isFinished) return
    this.finished++
    if (!checks.some(isDoubt)) this.firm++
  }

  legend(): string[] {
    const meanings = texts(
      this.#marks.has(marks.wrong) && '! the estimate does not measure what was requested',
      this.#marks.has(marks.doubtful) && '? the estimate may be misleading',
    )
    return meanings.length === 0 ? [] : [`${meanings.join(', ')}: see below`]
  }
}

export function findingLines(
  cells: FinishedCells,
  findings: readonly Finding[],
  width: number,
  paint: Paint,
): string[] {
  if (cells.cells === 0) return []
  const verdicts = `checks: ${verdictText(cells, findings)}`
  const head =
    findings.some(({ verdict }) => verdict !== 'note') || findings.length === 0 ? verdicts : `${verdicts}; notes:`
  const listed = findings.slice(0, maxListed)
  const titles = listed.map(({ verdict, name }) => [verdict, name] as const)
  const widest = [0, 1].map((at) => Math.max(0, ...titles.map((title) => title[at]!.length)))
  const lines = listed.flatMap((finding) => {
    const title = `  ${finding.verdict.padEnd(widest[0]!)}  ${finding.name.padEnd(widest[1]!)}  `
    const [first = '', ...rest] = wrapped(sentence(finding, cells.finished), Math.max(width - title.length, 40))
    const body = [`${title}${first}`, ...rest.map((line) => `${' '.repeat(title.length)}${line}`)]
    return body.map((line) => paint(colors[finding.verdict], printable(line)))
  })
  const more = findings.length - listed.length
  return [paint('dim', head), ...lines, ...(more > 0 ? [paint('dim', `  and ${more} more (--json prints all)`)] : [])]
}

/**
 * For example `14 cells are checked so far: all 14 cells pass every check`. Unfinished cells have no verdict. While a
 * sweep runs, its status says how many cells it has: a search may leave some of them out.
 */
export function verdictText(
  { state, cells, finished, firm }: FinishedCells,
  findings: readonly Pick<Finding, 'verdict' | 'text'>[],
): string {
  const verdict = verdictOf(finished, firm, `every check${whichRan(findings)}`)
  if (finished === cells) return verdict
  const isAre = finished === 1 ? 'is' : 'are'
  const how = isLive(state)
    ? `${finished === 0 ? 'no cells' : countText(finished, 'cell')} ${isAre} checked so far`
    : `${state} with ${finished} of ${countText(cells, 'cell')} finished`
  return finished === 0 ? `${how}, so there is no verdict` : `${how}: ${verdict}`
}

function verdictOf(checked: number, firm: number, all: string): string {
  const cells = (count: number) => countText(count, 'cell')
  if (firm === checked) return checked === 1 ? `the cell passes ${all}` : `all ${cells(checked)} pass ${all}`
  const doubted = checked - firm
  const fail = doubted === 1 ? 'fails' : 'fail'
  if (firm === 0) return checked === 1 ? 'the cell fails a check' : `all ${cells(checked)} fail a check`
  const rest = firm === 1 ? 'the other passes' : 'the others pass'
  return `${doubted} of ${cells(checked)} ${fail} a check, ${rest} ${all}`
}

const colors = { good: 'dim', note: 'dim', doubtful: 'yellow', wrong: 'red' } as const

/** For example `3 of 21 cells (0, 4, 8): eta 1.2 times ... without noise. Use eta below 1.` */
function sentence({ text, hint, cells, count }: Finding, of: number): string {
  const whole = hint === null ? text : `${text}. ${sentenceOf(hint)}`
  if (of === 1) return whole
  if (count === 1) return `cell ${cells[0]}: ${whole}`
  const runs = runsOf(cells)
  const which = `${runs.slice(0, maxRuns).join(', ')}${count > cells.length || runs.length > maxRuns ? ', ..' : ''}`
  return `${count === of ? `all ${of} cells` : `${count} of ${of} cells (${which})`}: ${whole}`
}

export function renderChecks(
  cells: readonly { readonly checks: readonly Check[] }[],
  findings: readonly Finding[],
  { width = 100, color = false }: TableOptions = {},
): string {
  const seen = new CheckedCells()
  for (const { checks } of cells) if (checks.length > 0) seen.observe(checks, true)
  return findingLines({ ...seen, state: 'complete' }, findings, width, painter(color))
    .map((line) => `${line}\n`)
    .join('')
}

import { resultsOf } from '@driftfarm/coordinator'
import { type Database, sweepsHolding } from '@driftfarm/database'
import { type MeasuredEscape, renderTheorem, type TheoremCell, theoremCell } from '@driftfarm/report'
import type { ResolvedCell, Sweep } from '@driftfarm/spec'
import { type TheoremAnswer, theorem as theoremOf } from '@driftfarm/theory'
import { CliError } from '../failure.ts'
import { print, printJson, terminalWidth, wantsColor } from '../output.ts'
import { databaseExists, withSession } from '../session.ts'
import { readSweep } from '../spec-file.ts'

export interface TheoremCommandOptions {
  readonly set?: readonly (readonly [string, string])[]
  readonly cell?: number
  readonly radius?: number
  readonly json?: boolean
}

/** Each takes about a second; the index of a cell chooses one. */
const mostCells = 100

export async function theorem(path: string, options: TheoremCommandOptions): Promise<void> {
  const { sweep } = readSweep(path, options.set === undefined ? {} : { set: options.set })
  const chosen = choose(sweep, options)
  const answers: TheoremAnswer[] = []
  for (const [place, { cell, data }] of chosen.entries()) {
    if (wantsColor(process.stderr)) process.stderr.write(`\r\u001b[Kcell ${place + 1} of ${chosen.length}`)
    answers.push(await theoremOf(cell, data, options.radius === undefined ? {} : { radius: options.radius }))
  }
  if (wantsColor(process.stderr)) process.stderr.write('\r\u001b[K')
  const measured = await measuredOf(chosen, answers)
  const cells = chosen.map(
    ({ index, id, params }, i): TheoremCell => theoremCell({ index, id, params }, answers[i]!, measured[i]!),
  )
  if (options.json === true) return printJson('Theorem', { sweep: { name: sweep.name }, cells })
  for (const [place, cell] of cells.entries()) {
    if (place > 0) await print('\n')
    await print(renderTheorem(cell, { width: terminalWidth(), color: wantsColor(process.stdout) }))
  }
}

function choose(sweep: Sweep, { cell }: TheoremCommandOptions): readonly ResolvedCell[] {
  if (cell !== undefined) {
    if (cell >= sweep.cellCount)
      throw new CliError('NOT_FOUND', `no cell ${cell}`, `the cells are 0 to ${sweep.cellCount - 1}`)
    return [sweep.cell(cell)]
  }
  if (sweep.cellCount > mostCells)
    throw new CliError(
      'USAGE',
      `the spec has ${sweep.cellCount} cells, and at most ${mostCells} are shown`,
      'choose one by --cell',
    )
  return [...sweep.cells()]
}

/** What the database holds of these cells; it is not started where nothing has ever run. */
async function measuredOf(
  cells: readonly ResolvedCell[],
  answers: readonly TheoremAnswer[],
): Promise<readonly (MeasuredEscape | null)[]> {
  if (!databaseExists()) return cells.map(() => null)
  return withSession(async ({ database }) => {
    const found: (MeasuredEscape | null)[] = []
    const known = new Map<string, ReturnType<typeof resultsOf>>()
    for (const [i, resolved] of cells.entries()) found.push(await escapeOf(database, resolved, answers[i]!, known))
    return found
  })
}

async function escapeOf(
  database: Database,
  { id, cell }: ResolvedCell,
  answer: TheoremAnswer,
  known: Map<string, ReturnType<typeof resultsOf>>,
): Promise<MeasuredEscape | null> {
  const { trial } = cell
  for (const sweepId of await sweepsHolding(database, id)) {
    const results = known.get(sweepId) ?? resultsOf(database, sweepId)
    known.set(sweepId, results)
    const { data } = await results
    const measured = data.cells.find((one) => one.id === id)
    const estimate = measured?.estimates.escape
    if (measured === undefined || estimate === undefined || Number(measured.trials) === 0) continue
    const { value, low, high, confidence, method } = estimate
    const convergesFirst = trial.converge !== null && trial.afterConverge === 'stop'
    const isBall = answer.escape.kind === 'ball' && answer.escape.ends === 'both'
    return {
      sweep: data.sweep.name,
      trials: measured.trials,
      value,
      low,
      high,
      confidence,
      method,
      sameEvent: isBall && !convergesFirst && !answer.start.random,
    }
  }
  return null
}

import { rowRecord } from '@driftfarm/coordinator'
import { cellOf, type Database, dataReader, findSweep, readOutcomes, summandsOf } from '@driftfarm/database'
import { compile, decodeOutcome, Kernel, type Level, type Outcome, prepare, runReference } from '@driftfarm/kernel'
import { renderRecords } from '@driftfarm/report'
import { type Cell, type DataTable, specLimits } from '@driftfarm/spec'
import { CliError } from '../failure.ts'
import { note, print, printJson, terminalWidth } from '../output.ts'
import { requireDatabase, withSession } from '../session.ts'
import { formatOfFile } from '../trajectory/format.ts'
import { writeTrajectory } from '../trajectory/trajectory.ts'

const documentKinds = { direct: 'Trial', splitting: 'Replica', tilt: 'Weighted' } as const
/** A replica is named by 32 bits. */
const mostReplicas = 2 ** 32

/** Computes one trial by WebAssembly and by the reference, and compares both with the stored record where one is kept. */
export async function replay(
  text: string,
  cellText: string,
  trialText: string,
  options: { trajectory?: string; json?: boolean },
): Promise<void> {
  requireDatabase(text)
  const trial = indexOf(trialText, 'trial', specLimits.trialsPerCell)
  if (options.trajectory !== undefined) formatOfFile(options.trajectory)
  await withSession(async ({ database }) => {
    const { id } = await findSweep(database, text)
    const { cell, cellId, index } = await cellOf(database, id, cellText)
    const { kind } = cell.method
    if (kind === 'splitting') {
      indexOf(trialText, 'replica', mostReplicas)
      if (options.trajectory !== undefined)
        throw new CliError(
          'USAGE',
          `cell ${index} splits: replica ${trial} is ${cell.method.particles} trajectories that branch, not one`,
          'leave --trajectory out, or name a cell of another method',
        )
    }
    const stored = await storedRecord(database, cellId, trial)
    const data = await dataReader(database)(cell)
    const outcome = await compute(cell, data, trial)
    if (options.trajectory !== undefined) {
      warnOfSize(cell, outcome.decoded.steps)
      const exit = await writeTrajectory(cell, data, trial, options.trajectory)
      if (exit !== null) {
        process.exitCode = exit
        return
      }
      note(`wrote ${options.trajectory}`)
    }
    const agrees = stored === null ? null : Buffer.from(outcome.record).equals(Buffer.from(stored))
    if (agrees === false)
      throw new CliError(
        'REPLAY_DIFFERS',
        `${kind === 'splitting' ? 'replica' : 'trial'} ${trial} of cell ${cellId} does not give the stored record`,
        'the stored rows or this machine’s arithmetic are damaged: run `driftfarm verify` for the extent',
      )
    const row = rowRecord(kind, index, trial, outcome.decoded)
    const { levels } = outcome
    const stands = agrees === true ? 'equal' : 'not kept'
    if (options.json === true) {
      const ladder = levels === null ? {} : { ladder: levels }
      return printJson(documentKinds[kind], { ...row, ...ladder, id: cellId, stored: stands })
    }
    const { marks, exits, ...fields } = row
    const named = [...entriesOf(marks, 'mark'), ...entriesOf(exits, 'exit')]
    const lines = [
      ['cell id', cellId],
      ...[...Object.entries(fields), ...named].map(([name, value]) => [name, value ?? '-']),
    ]
    await print(renderRecords(['', ''], lines, { width: terminalWidth() }))
    if (levels !== null && levels.length > 0) await print(`\n${levelTable(levels)}`)
    note(comparison(agrees, outcome.byReference))
  })
}

function indexOf(text: string, what: string, most: number): number {
  const index = Number(text)
  if (/^\d{1,16}$/.test(text) && index < most) return index
  throw new CliError('USAGE', `'${text}' is not a ${what} index`, `give a whole number from 0 to ${most - 1}`)
}

function entriesOf(map: unknown, what: string): [string, unknown][] {
  return Object.entries((map ?? {}) as Record<string, unknown>).map(([name, value]) => [`${what} ${name}`, value])
}

function comparison(agrees: boolean | null, byReference: boolean): string {
  const engines = byReference
    ? 'WebAssembly and reference agree bit for bit'
    : 'computed by WebAssembly alone: the reference would take long'
  if (agrees === true) return `equals the stored record bit for bit${byReference ? '' : `; ${engines}`}`
  return `no row of it is kept; ${engines}`
}

/** Levels at either end of a long ladder that are shown. */
const shownLevels = 10

/** The levels, the middle of many left out. */
function levelTable(levels: readonly Level[]): string {
  const rows = levels.map(({ score, killed, weight }, i) => [i + 1, score, killed, weight] as const)
  const long = rows.length > 2 * shownLevels + 1
  const shown = long
    ? [...rows.slice(0, shownLevels), ['..', '..', '..', '..'] as const, ...rows.slice(-shownLevels)]
    : rows
  return renderRecords(['level', 'score', 'killed', 'weight'], shown, { width: terminalWidth() })
}

/** The kept record of a trial; null where none is kept. */
async function storedRecord(database: Database, cellId: string, trial: number): Promise<Uint8Array | null> {
  for await (const { records } of readOutcomes(database, cellId, trial, trial + 1)) return records
  return null
}

/** The reference takes some hundred times as long: longer replicas are not computed by it. Summands of all steps. */
const mostReferenceWork = 20_000_000

interface Computed {
  readonly record: Uint8Array
  readonly decoded: Outcome
  /** Of a replica. */
  readonly levels: readonly Level[] | null
  readonly byReference: boolean
}

async function compute(cell: Cell, data: DataTable | null, trial: number): Promise<Computed> {
  const prepared = prepare(cell, data)
  const bytes = await compile(prepared.source)
  const kernel = Kernel.create(new WebAssembly.Module(bytes as BufferSource), prepared)
  const { records: record } = kernel.run(trial, 1, { keep: true, horizons: [] })
  if (record === null) throw new Error('a replay keeps its record')
  const decoded = decodeOutcome(record, prepared.layout, 0)
  const splits = cell.method.kind === 'splitting'
  const byReference = !splits || decoded.steps * summandsOf(cell) <= mostReferenceWork
  if (byReference && !Buffer.from(record).equals(runReference(cell, trial, 1, { horizons: [], data }).records))
    throw new CliError(
      'REPLAY_DIFFERS',
      `trial ${trial}: WebAssembly and the reference disagree`,
      'this is a defect of Drift Farm; please report the spec, the cell and the trial',
    )
  return { record, decoded, levels: splits ? kernel.replica(trial).levels : null, byReference }
}

/** Letters of a number as it is written. */
const lettersOfNumber = 19
/** Files beyond this, in bytes, deserve a word before they are written. */
const largeFile = 1e9
/** So many columns are more than most programs read. */
const manyColumns = 1000

function warnOfSize({ landscape: { dimension } }: Cell, steps: number): void {
  const bytes = lettersOfNumber * (dimension + 2) * (steps + 1)
  if (bytes > largeFile)
    note(`warning: ${steps + 1} states of ${dimension} coordinates are about ${(bytes / 1e9).toPrecision(2)} GB`)
  else if (dimension > manyColumns)
    note(`warning: ${dimension} coordinates are as many columns; .jsonl has one list a state`)
}

import { cellOf, type Database, dataReader, findSweep, readOutcomes } from '@driftfarm/database'
import { compile, decodeOutcome, Kernel, type Outcome, prepare, runReference } from '@driftfarm/kernel'
import { renderRecords, rowJson } from '@driftfarm/report'
import { type Cell, type DataTable, specLimits } from '@driftfarm/spec'
import { CliError } from '../failure.ts'
import { note, print, printJson, terminalWidth } from '../output.ts'
import { requireDatabase, withSession } from '../session.ts'
import { formatOfFile } from '../trajectory/format.ts'
import { writeTrajectory } from '../trajectory/trajectory.ts'

/** Computes one trial by WebAssembly and by the reference, and compares both with the stored record where one is kept. */
export async function replay(
  text: string,
  cellText: string,
  trialText: string,
  options: { trajectory?: string; json?: boolean },
): Promise<void> {
  requireDatabase(text)
  const trial = Number(trialText)
  if (!/^\d{1,16}$/.test(trialText) || trial >= specLimits.trialsPerCell)
    throw new CliError(
      'USAGE',
      `'${trialText}' is not a trial index`,
      `give a whole number from 0 to ${specLimits.trialsPerCell - 1}`,
    )
  if (options.trajectory !== undefined) formatOfFile(options.trajectory)
  await withSession(async ({ database }) => {
    const { id } = await findSweep(database, text)
    const { cell, cellId, index } = await cellOf(database, id, cellText)
    const stored = await storedRecord(database, cellId, trial)
    const data = await dataReader(database)(cell)
    const outcome = await computeBoth(cell, data, trial)
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
        `trial ${trial} of cell ${cellId} does not give the stored record`,
        'the stored rows or this machine’s arithmetic are damaged: run `driftfarm verify` for the extent',
      )
    const compared =
      agrees === true
        ? 'equals the stored record bit for bit'
        : 'no row of it is kept; WebAssembly and reference agree bit for bit'
    const { escapedAt, convergedAt, ...rest } = outcome.decoded
    const row = rowJson({ cell: index, trial, ...rest, escaped_at: escapedAt, converged_at: convergedAt })
    if (options.json === true)
      return printJson('Trial', { ...row, id: cellId, stored: agrees === true ? 'equal' : 'not kept' })
    const { marks, ...fields } = row
    const steps = Object.entries(rest.marks).map(([name, step]) => [`mark ${name}`, step] as const)
    await print(
      renderRecords(
        ['', ''],
        [['cell id', cellId], ...[...Object.entries(fields), ...steps].map(([name, value]) => [name, value ?? '-'])],
        { width: terminalWidth() },
      ),
    )
    note(compared)
  })
}

/** The kept record of a trial; null where none is kept. */
async function storedRecord(database: Database, cellId: string, trial: number): Promise<Uint8Array | null> {
  for await (const { records } of readOutcomes(database, cellId, trial, trial + 1)) return records
  return null
}

async function computeBoth(
  cell: Cell,
  data: DataTable | null,
  trial: number,
): Promise<{ record: Uint8Array; decoded: Outcome }> {
  const prepared = prepare(cell, data)
  const bytes = await compile(prepared.source)
  const kernel = Kernel.create(new WebAssembly.Module(bytes as BufferSource), prepared)
  const fast = kernel.run(trial, 1, { keep: true, horizons: [] })
  const slow = runReference(cell, trial, 1, { horizons: [], data })
  if (fast.records === null || slow.records === null) throw new Error('a replay keeps its record')
  if (!Buffer.from(fast.records).equals(Buffer.from(slow.records)))
    throw new CliError(
      'REPLAY_DIFFERS',
      `trial ${trial}: WebAssembly and the reference disagree`,
      'this is a defect of Drift Farm; please report the spec, the cell and the trial',
    )
  return { record: fast.records, decoded: decodeOutcome(fast.records, prepared.layout, 0) }
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

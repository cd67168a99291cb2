import { rowRecord } from '@driftfarm/coordinator'
import { cellOf, type Database, dataReader, findSweep, readOutcomes } from '@driftfarm/database'
import type { Level } from '@driftfarm/kernel'
import { renderRecords } from '@driftfarm/report'
import { type Cell, specLimits } from '@driftfarm/spec'
import { CliError } from '../failure.ts'
import { note, print, printJson, terminalWidth } from '../output.ts'
import { requireDatabase, withSession } from '../session.ts'
import { formatOfFile } from '../trajectory/format.ts'
import { writeTrajectory } from '../trajectory/trajectory.ts'
import { compute, printRow } from './recompute.ts'
import { replayControl } from './replayControl.ts'

const documentKinds = { direct: 'Trial', splitting: 'Replica', tilt: 'Weighted' } as const
/** A replica is named by 32 bits. */
const mostReplicas = 2 ** 32

/** Computes one trial by WebAssembly and by the reference, and compares both with the stored record where one is kept. */
export async function replay(
  text: string,
  cellText: string,
  trialText: string,
  options: { trajectory?: string; control?: boolean; json?: boolean },
): Promise<void> {
  requireDatabase(text)
  const trial = indexOf(trialText, 'trial', specLimits.trialsPerCell)
  if (options.trajectory !== undefined) formatOfFile(options.trajectory)
  await withSession(async ({ database }) => {
    const { id } = await findSweep(database, text)
    const found = await cellOf(database, id, cellText)
    if (options.control === true) return replayControl(database, found, trial, options)
    const { cell, cellId, index } = found
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
    const row = rowRecord(index, trial, outcome.decoded)
    const { levels } = outcome
    const stands = agrees === true ? 'equal' : 'not kept'
    if (options.json === true) {
      const ladder = levels === null ? {} : { ladder: levels }
      return printJson(documentKinds[kind], { ...row, ...ladder, id: cellId, stored: stands })
    }
    await printRow(row, cellId)
    if (levels !== null && levels.length > 0) await print(`\n${levelTable(levels)}`)
    note(comparison(agrees, outcome.byReference))
  })
}

function indexOf(text: string, what: string, most: number): number {
  const index = Number(text)
  if (/^\d{1,16}$/.test(text) && index < most) return index
  throw new CliError('USAGE', `'${text}' is not a ${what} index`, `give a whole number from 0 to ${most - 1}`)
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

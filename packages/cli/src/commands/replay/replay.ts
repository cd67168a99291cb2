import { cellOf, type Database, dataReader, readOutcomes } from '@driftfarm/database'
import { type Definition, documents, rowRecord, short } from '@driftfarm/report'
import { type Cell, specLimits } from '@driftfarm/spec'
import { CliError, exitCodes } from '../../failure.ts'
import { note, printDocument, shown } from '../../output.ts'
import { requireDatabase, withSweep } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import { formatOfFile } from '../../trajectory/format.ts'
import { writeTrajectory } from '../../trajectory/trajectory.ts'
import type { ReplayOptions } from '../replay.ts'
import { compute } from './recompute.ts'
import { replayControl } from './replayControl.ts'

const documentKinds = { direct: 'Trial', splitting: 'Replica', tilt: 'Weighted' } as const
/** A replica is identified by 32 bits. */
const mostReplicas = 2 ** 32

/**
 * Computes one trial by WebAssembly and by the reference, and compares both with the stored record, if there is one.
 */
export async function replay(
  shell: Shell,
  text: string,
  cellText: string,
  trialText: string,
  options: ReplayOptions,
): Promise<number> {
  requireDatabase(shell, text)
  const trial = indexOf(trialText, 'trial', specLimits.trialsPerCell)
  if (options.trajectory !== undefined) formatOfFile(options.trajectory)
  return withSweep(shell, text, async ({ database }, { id }) => {
    const found = await cellOf(database, id, cellText)
    if (options.control === true) return replayControl(shell, database, found, trial, options)
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
      warnOfSize(shell, cell, outcome.decoded.steps)
      const exit = await writeTrajectory(shell, cell, data, trial, options.trajectory)
      if (exit !== null) return exit
      note(shell, `wrote ${options.trajectory}`)
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
    const ladder = levels === null ? {} : { ladder: levels }
    const told = { ...row, ...ladder, id: cellId, stored: stands }
    const remarks = [comparison(agrees, outcome.byReference)]
    const definition = documents[documentKinds[kind]] as Definition<typeof told>
    await printDocument(shell, shown(definition, told, { remarks }), options)
    return exitCodes.done
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

/** The stored record of a trial; null if none is kept. */
async function storedRecord(database: Database, cellId: string, trial: number): Promise<Uint8Array | null> {
  for await (const { records } of readOutcomes(database, cellId, trial, trial + 1)) return records
  return null
}

/** Typical number of characters of a number in a file. */
const lettersOfNumber = 19
/** A file that would be larger than this, in bytes, is announced by a warning. */
const largeFile = 1e9
/** More columns than this are too many for most programs. */
const manyColumns = 1000

function warnOfSize(shell: Shell, { landscape: { dimension } }: Cell, steps: number): void {
  const bytes = lettersOfNumber * (dimension + 2) * (steps + 1)
  if (bytes > largeFile)
    note(shell, `warning: ${steps + 1} states of ${dimension} coordinates are about ${short(bytes / 1e9)} GB`)
  else if (dimension > manyColumns)
    note(shell, `warning: ${dimension} coordinates are as many columns; .jsonl has one list a state`)
}

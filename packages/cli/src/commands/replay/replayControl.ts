import { type CellOfSweep, type Database, dataReader, premisesOfCell } from '@driftfarm/database'
import { kernelOf, parseDigest } from '@driftfarm/kernel'
import { type DocumentData, documents, rowRecord } from '@driftfarm/report'
import { controlCellOf } from '@driftfarm/theory'
import { CliError, exitCodes } from '../../failure.ts'
import { note, printDocument, shown } from '../../output.ts'
import type { Shell } from '../../shell.ts'
import { writeTrajectory } from '../../trajectory/trajectory.ts'
import { compute } from './recompute.ts'

/**
 * Computes one trial of a cell's control by WebAssembly and by the reference, and compares all trials of the control
 * with the stored digest.
 */
export async function replayControl(
  shell: Shell,
  database: Database,
  { cell, cellId, index }: CellOfSweep,
  trial: number,
  options: { readonly trajectory?: string; readonly json?: boolean },
): Promise<number> {
  const control = controlCellOf(cell)
  if (control === null)
    throw new CliError(
      'NOT_FOUND',
      `cell ${index} has no control: nothing is counted in it that noise could be compared with`,
      'leave --control out',
    )
  const data = await dataReader(database)(cell)
  const outcome = await compute(control, data, trial)
  if (options.trajectory !== undefined) {
    const exit = await writeTrajectory(shell, control, data, trial, options.trajectory)
    if (exit !== null) return exit
    note(shell, `wrote ${options.trajectory}`)
  }
  const kept = (await premisesOfCell(database, cellId))?.control ?? null
  if (kept !== null) {
    const { digest } = (await kernelOf(control, data)).run(0, kept.trials, { keep: false, horizons: [] })
    if (digest !== parseDigest(kept.digest))
      throw new CliError(
        'REPLAY_DIFFERS',
        `the ${kept.trials} trials of the control of cell ${cellId} do not give the stored digest`,
        'the stored rows or this machine’s arithmetic are damaged: run `driftfarm verify` for the extent',
      )
  }
  const row = rowRecord(index, trial, outcome.decoded)
  const counted = kept !== null && trial < kept.trials
  const told = { ...row, id: cellId, stored: counted ? 'equal' : 'not kept', control: true } as DocumentData<'Trial'>
  const remarks = [comparison(kept?.trials ?? null, counted)]
  await printDocument(shell, shown(documents.Trial, told, { remarks }), options)
  return exitCodes.done
}

function comparison(trials: number | null, counted: boolean): string {
  if (trials === null) return 'of the control, none of which is kept for this cell'
  const digest = trials === 1 ? 'the one trial that is kept gives' : `the ${trials} trials that are kept give`
  return `of the control: ${digest} the stored digest${counted ? '' : ', and this one lies beyond'}`
}

import { modulesOf } from '@driftfarm/farm'
import { kernelOf, type ModuleOf } from '@driftfarm/kernel'
import { type Definition, documents, replayText, short } from '@driftfarm/report'
import { type Cell, readTables, safetensorsBytes, specLimits, type Tables, tensorsOfPoint } from '@driftfarm/spec'
import { controlCellOf } from '@driftfarm/theory'
import { command } from '../command.ts'
import { exitCodes, usageError } from '../failure.ts'
import { flag, text } from '../options/option.ts'
import { note, printData, warn, writeAll } from '../output.ts'
import { homeOf, requireFarm, withSweep } from '../session.ts'
import type { Shell } from '../shell.ts'
import { formatOfFile } from '../trajectory/format.ts'
import { writeTrajectory } from '../trajectory/trajectory.ts'

export const replay = command('replay <sweep> <cell> <trial>', {
  summary: 'recompute one trial or replica, and compare it with its stored record bit for bit',
  options: {
    trajectory: text('<file>', 'write n, theta, loss, gradient norm and events of every step to a .csv or .jsonl file'),
    weights: text('<file>', 'write the last weights to a .safetensors file, as PyTorch names them'),
    control: flag('replay a trial of the control run (the same cell, but without noise)'),
  },
  examples: [
    'replay double-well 0 17',
    'replay double-well 0 17 --trajectory path.csv',
    'replay digits 0 17 --weights net.safetensors',
  ],
  kinds: ['Trial', 'Replica', 'Weighted'],
  /**
   * Computes one trial with WebAssembly and with the reference engine. If the trial has a stored record, both results
   * are compared with this record.
   */
  async act(shell, text, cellText, trialText, options) {
    requireFarm(shell, text)
    const trial = indexOf(trialText)
    const { trajectory, weights, control = false } = options
    if (trajectory !== undefined) formatOfFile(trajectory)
    if (weights !== undefined && !weights.endsWith('.safetensors'))
      throw usageError(`weights cannot be written to '${weights}'`, 'use a file name that ends in .safetensors')
    const isComputed = trajectory !== undefined || weights !== undefined
    return withSweep(shell, text, async (farmClient, { id }) => {
      const whole = isComputed ? await farmClient.cell({ sweep: id, cell: cellText }) : null
      const cell = whole === null ? null : (whole.resolved as unknown as Cell)
      if (cell?.method.kind === 'splitting' && !control)
        throw usageError(
          `cell ${whole!.cell.index} uses splitting: replica ${trial} has ${cell.method.particles} branching ` +
            'trajectories, not one',
          'omit --trajectory and --weights, or name a cell with another method',
        )
      const { kind, data } = await farmClient.replay({ sweep: id, cell: cellText, trial, control })
      if (cell !== null) {
        const traced = control ? controlCellOf(cell, Number(data.steps))! : cell
        const tables = await readTables(cell, farmClient.data)
        if (trajectory !== undefined) {
          warnOfSize(shell, traced, Number(data.steps))
          const exit = await writeTrajectory(shell, traced, tables, trial, trajectory)
          if (exit !== null) return exit
          note(shell, `wrote ${trajectory}`)
        }
        if (weights !== undefined) {
          await writeAll(shell, [await lastWeights(traced, tables, trial, modulesOf(homeOf(shell)))], weights)
          note(shell, `wrote ${weights}`)
        }
      }
      const definition = documents[kind] as Definition<typeof data>
      await printData(shell, definition, data, options, { remarks: [replayText(data)] })
      return exitCodes.done
    })
  },
})

/** The last theta of a trial, or of its quench, as a safetensors file. */
async function lastWeights(cell: Cell, tables: Tables, trial: number, module: ModuleOf): Promise<Uint8Array> {
  const { theta } = (await kernelOf(cell, tables, module)).run(trial, 1, { keep: false, horizons: [], theta: true })
  return safetensorsBytes(tensorsOfPoint(cell.landscape, theta!))
}

function indexOf(text: string): number {
  const index = Number(text)
  if (/^\d{1,16}$/.test(text) && index < specLimits.trialsPerCell) return index
  throw usageError(`'${text}' is not a trial index`, `give a whole number from 0 to ${specLimits.trialsPerCell - 1}`)
}

/** Typical length of a number in a trajectory file, in characters. */
const lettersOfNumber = 19
/** Size in bytes of the largest file that needs no warning. */
const largeFile = 1e9
/** Most programs cannot handle more columns than this. */
const manyColumns = 1000

function warnOfSize(shell: Shell, { landscape: { dimension } }: Cell, steps: number): void {
  const bytes = lettersOfNumber * (dimension + 2) * (steps + 1)
  if (bytes > largeFile)
    warn(shell, `the file will take about ${short(bytes / 1e9)} GB (${steps + 1} states of ${dimension} coordinates)`)
  else if (dimension > manyColumns)
    warn(shell, `the file will have ${dimension} columns of coordinates; a .jsonl file has one list per state instead`)
}

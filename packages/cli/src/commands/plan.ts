import { planShare } from '@driftfarm/database'
import { compile, Kernel, prepare } from '@driftfarm/kernel'
import { renderRecords } from '@driftfarm/report'
import type { Cell, Sweep } from '@driftfarm/spec'
import { print, printJson, terminalWidth } from '../output.ts'
import { short } from '../progress.ts'
import { databaseExists, withSession } from '../session.ts'
import { readSweep, type SpecOptions } from '../spec-file.ts'

/** A pilot computes this many trials of one cell of each of the first few shapes, cut to this many steps. */
const pilotTrials = 64
const pilotSteps = 2000
const mostPilots = 4
/** What a batch aims at, in seconds of a thread. */
const batchSeconds = 1.5
/** Cells listed one by one in the document. */
const mostListed = 1000

export async function plan(path: string, options: SpecOptions & { json?: boolean }): Promise<void> {
  const { sweep } = readSweep(path, options)
  const id = sweep.id()
  const share = databaseExists() ? await withSession(({ database }) => planShare(database, sweep)) : null
  const secondsPerStep = await pilot(sweep)
  let cpuSeconds = 0
  let batches = 0
  let trials = 0n
  let done = 0
  const cells: { index: number; id: string; params: unknown; trials: number; done: number; reason: string }[] = []
  const demanded = sweep.demand.trials ?? sweep.demand.until?.max ?? 0
  for (const { index, id: cellId, params, cell } of sweep.cells()) {
    const have = Math.min(demanded, share?.get(cellId) ?? 0)
    const seconds =
      (demanded - have) * cell.trial.steps * (secondsPerStep.get(dimensionOf(cell)) ?? secondsPerStep.get(0) ?? 1e-8)
    cpuSeconds += seconds
    batches += have >= demanded ? 0 : Math.max(1, Math.ceil(seconds / batchSeconds))
    trials += BigInt(demanded)
    done += have
    if (index < mostListed)
      cells.push({
        index,
        id: cellId,
        params,
        trials: demanded,
        done: have,
        reason:
          have >= demanded
            ? 'all its trials are stored'
            : have > 0
              ? `${demanded - have} trials are missing`
              : 'new: no trial of it is stored',
      })
  }
  const upperBound = sweep.demand.trials === null
  const doneShare = trials === 0n ? 0 : done / Number(trials)
  if (options.json === true)
    return printJson('Plan', {
      sweep: { id, name: sweep.name, seed: sweep.seed },
      cells: sweep.cellCount,
      trials: String(trials),
      batches,
      cpuSeconds,
      done: { trials: String(done), share: doneShare },
      upperBound,
      perCell: cells,
    })
  await print(
    renderRecords(
      ['', ''],
      [
        ['sweep', `${sweep.name} (${id})`],
        ['cells', String(sweep.cellCount)],
        ['trials', `${upperBound ? 'at most ' : ''}${short(Number(trials))} (${short(demanded)} a cell)`],
        ['batches', `about ${short(batches)}`],
        ['CPU time', `at most ${humanSeconds(cpuSeconds)} (trials that end early need less)`],
        ['already done', `${short(done)} trials, ${(doneShare * 100).toFixed(1)} %`],
        ...cells.slice(0, 20).map((cell) => [`cell ${cell.index}`, `${JSON.stringify(cell.params)}: ${cell.reason}`]),
        ...(sweep.cellCount > 20
          ? [['...', `${sweep.cellCount - 20} cells more; --json lists ${Math.min(sweep.cellCount, mostListed)}`]]
          : []),
      ],
      { width: terminalWidth() },
    ),
  )
}

const dimensionOf = (cell: Cell): number => cell.landscape.dimension

/** Seconds of one thread a step, measured on this machine by a few short trials a dimension; key 0 holds the first. */
async function pilot(sweep: Sweep): Promise<Map<number, number>> {
  const measured = new Map<number, number>()
  for (const index of [0, sweep.cellCount - 1].slice(0, mostPilots)) {
    const { cell } = sweep.cell(index)
    if (measured.has(dimensionOf(cell))) continue
    const short: Cell = {
      ...cell,
      trial: { ...cell.trial, steps: Math.min(cell.trial.steps, pilotSteps), escape: null, converge: null },
    }
    const prepared = prepare(short)
    const kernel = Kernel.create(new WebAssembly.Module((await compile(prepared.source)) as BufferSource), prepared)
    kernel.run(0, 8, { keep: false, horizons: [] })
    const started = performance.now()
    const { tally } = kernel.run(0, pilotTrials, { keep: false, horizons: [] })
    const perStep = (performance.now() - started) / 1000 / Math.max(1, Number(tally.steps))
    measured.set(dimensionOf(cell), perStep)
    if (!measured.has(0)) measured.set(0, perStep)
  }
  return measured
}

function humanSeconds(seconds: number): string {
  if (seconds < 1) return 'a second'
  if (seconds < 120) return `${Math.ceil(seconds)} s`
  if (seconds < 7200) return `${(seconds / 60).toFixed(0)} min`
  if (seconds < 172_800) return `${(seconds / 3600).toFixed(1)} h`
  return `${(seconds / 86_400).toFixed(1)} days`
}

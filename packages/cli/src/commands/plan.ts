import { type SizingOptions, sizingOfSweep } from '@driftfarm/coordinator'
import { type Database, type EndedCell, planEnded, planShare, stepsAtMost, summandsOf } from '@driftfarm/database'
import { compile, Kernel, prepare } from '@driftfarm/kernel'
import { type Recommended, renderChecks, renderRecords, type Stopped, stoppedText } from '@driftfarm/report'
import { type Cell, type DataTable, demandOf, type Sweep } from '@driftfarm/spec'
import { findingsOf } from '@driftfarm/statistics'
import { print, printJson, terminalWidth, wantsColor } from '../output.ts'
import { short } from '../progress.ts'
import { databaseExists, withSession } from '../session.ts'
import { readSweep, type SpecOptions } from '../spec-file.ts'
import { planChecks, plannedText } from './planChecks.ts'
import { recommendations } from './recommend.ts'
import { checkSizing, sizingText, wantsSizing } from './sizing.ts'

/** A pilot computes a few trials of a cell, first cut to a few steps, then more of both until this much time tells enough. */
const pilotSeconds = 0.03
const pilotTrials = 16
const mostPilotTrials = 65_536
const pilotSteps = 8192
/** What a batch aims at, in seconds of a thread. */
const batchSeconds = 1.5
/** Cells listed one by one in the document. */
const mostListed = 1000

export async function plan(path: string, options: SpecOptions & SizingOptions & { json?: boolean }): Promise<void> {
  const sized = wantsSizing(options)
  const { sweep } = readSweep(path, options)
  const id = sweep.id()
  const look = async (database: Database | null) => {
    const share = database === null ? null : await planShare(database, sweep)
    const sizing = sized ? await sizingOfSweep(sweep, options, { database, stored: share, most: mostListed }) : null
    const ended = database === null ? null : await planEnded(database, sweep)
    return { share, ended, sizing }
  }
  const { share, ended, sizing } = databaseExists()
    ? await withSession(({ database }) => look(database))
    : await look(null)
  if (sizing !== null) checkSizing(sizing, options)
  const secondsPerStep = await pilot(sweep)
  let cpuSeconds = 0
  let batches = 0
  let done = 0
  const cells: { index: number; id: string; params: unknown; trials: number; done: number; reason: string }[] = []
  let most = 0
  let wanted = 0n
  let open = 0
  for (const { index, id: cellId, params, cell } of sweep.cells()) {
    const { trials: budget, until } = demandOf(sweep.demand, cell.method.kind)
    const end = budget === null ? (ended?.get(cellId) ?? null) : null
    const demanded = budget ?? end?.trials ?? until?.max ?? 0
    if (budget === null && end === null) open++
    most = Math.max(most, demanded)
    wanted += BigInt(demanded)
    const have = Math.min(demanded, share?.get(cellId) ?? 0)
    const seconds = (demanded - have) * stepsAtMost(cell) * secondsPerStep(cell)
    cpuSeconds += seconds
    batches += have >= demanded ? 0 : Math.min(demanded - have, Math.max(1, Math.ceil(seconds / batchSeconds)))
    done += have
    if (index < mostListed)
      cells.push({
        index,
        id: cellId,
        params,
        trials: demanded,
        done: have,
        reason: reasonOf(end, { demanded, have, ruled: budget === null }),
      })
  }
  // A budget over all cells is less than what the maximum allows each of them; a cell that has ended wants no more than it has.
  const trials = wanted < sweep.maxTrials ? wanted : sweep.maxTrials
  const affordable = Math.min(1, Number(trials) / Number(wanted))
  cpuSeconds *= affordable
  batches = Math.ceil(batches * affordable)
  const upperBound = open > 0
  const advice = await recommendations(sweep, secondsPerStep)
  const checks = await planChecks(sweep)
  const findings = findingsOf(checks)
  const doneShare = trials === 0n ? 0 : Math.min(1, done / Number(trials))
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
      checks,
      findings,
      ...(sizing === null ? {} : { sizing }),
      ...(advice.length === 0 ? {} : { recommended: advice }),
    })
  await print(
    renderRecords(
      ['', ''],
      [
        ['sweep', `${sweep.name} (${id})`],
        ['cells', String(sweep.cellCount)],
        ['trials', `${upperBound ? 'at most ' : ''}${short(Number(trials))} (${short(most)} a cell)`],
        ['batches', `about ${short(batches)}`],
        ['CPU time', `at most ${humanSeconds(cpuSeconds)} (trials that end early need less)`],
        ['already done', `${short(done)} trials, ${(doneShare * 100).toFixed(1)} %`],
        ['checked', plannedText(checks, sweep.cellCount)],
        ...advice.map((each) => [`method, cell ${each.cell}`, adviceText(each)]),
        ...(sizing === null ? [] : [['sizes', `of ${sizing.estimate}, by the exact interval of its expected count`]]),
        ...(sizing?.cells ?? []).slice(0, 20).map((cell) => [`cell ${cell.index}`, sizingText(sizing!, cell)]),
        ...cells.slice(0, 20).map((cell) => [`cell ${cell.index}`, `${JSON.stringify(cell.params)}: ${cell.reason}`]),
        ...(sweep.cellCount > 20
          ? [['...', `${sweep.cellCount - 20} cells more; --json lists ${Math.min(sweep.cellCount, mostListed)}`]]
          : []),
      ],
      { width: terminalWidth() },
    ),
  )
  await print(`\n${renderChecks(checks, findings, { width: terminalWidth(), color: wantsColor(process.stdout) })}`)
}

/** Why a cell would run, or not. `ruled`: it runs until its rule is met, `demanded` trials at most. */
function reasonOf(
  end: EndedCell | null,
  { demanded, have, ruled }: { readonly demanded: number; readonly have: number; readonly ruled: boolean },
): string {
  if (end !== null) return `complete at ${end.trials} trials: ended by ${stoppedText(end.stopped as Stopped)}`
  if (have >= demanded) return 'all its trials are stored'
  if (have === 0) return 'new: no trial of it is stored'
  return ruled
    ? `${have} trials are stored; until its rule is met, up to ${demanded}`
    : `${demanded - have} trials are missing`
}

function adviceText({ method, seconds, reason }: Recommended): string {
  const { direct, splitting } = seconds
  if (direct === null) return `${method}: ${reason}`
  const times = splitting === null ? '' : `${ofThread(splitting)} of a thread by splitting, `
  const directly = splitting === null ? `${ofThread(direct)} of a thread` : `${ofThread(direct)} directly`
  return `${method}: ${reason}; a relative error of 10 % takes about ${times}${directly}`
}

/** Of two times under a second it matters which is less. */
const ofThread = (seconds: number): string =>
  seconds < 1 ? `${Number(seconds.toPrecision(1))} s` : humanSeconds(seconds)

/** Coordinates times summands of the loss: what a step costs grows with it. */
const sizeOf = (cell: Cell): number => cell.landscape.dimension * summandsOf(cell)

/** Seconds of one thread a step, measured on this machine for the first and the last cell; others in proportion to their size. */
async function pilot(sweep: Sweep): Promise<(cell: Cell) => number> {
  const measured = new Map<number, number>()
  for (const index of [0, sweep.cellCount - 1]) {
    const { cell, data } = sweep.cell(index)
    if (!measured.has(sizeOf(cell))) measured.set(sizeOf(cell), await secondsPerStepOf(cell, data))
  }
  const [[size, seconds] = [1, 1e-8]] = measured
  return (cell) => measured.get(sizeOf(cell)) ?? (seconds * sizeOf(cell)) / size
}

async function secondsPerStepOf(cell: Cell, data: DataTable | null): Promise<number> {
  const longest = Math.min(cell.trial.steps, pilotSteps)
  let module: WebAssembly.Module | undefined
  for (let trials = pilotTrials, steps = 2; ; ) {
    const prepared = prepare(cutTo(cell, Math.min(steps, longest)), data)
    module ??= new WebAssembly.Module((await compile(prepared.source)) as BufferSource)
    const kernel = Kernel.create(module, prepared)
    const started = cpuSeconds()
    const { tally } = kernel.run(0, trials, { keep: false, horizons: [] })
    const seconds = cpuSeconds() - started
    if (seconds > pilotSeconds || trials >= mostPilotTrials) return seconds / Math.max(1, Number(tally.steps))
    if (steps < longest) steps *= 8
    else trials *= 8
  }
}

/** Of this process: a clock would count what other processes do. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** The same trial without what may end it early, or descends before and after it. */
function cutTo(cell: Cell, steps: number): Cell {
  let { start } = cell
  while (start.kind === 'descend') start = start.from
  const trial = { ...cell.trial, warmup: 0, steps: Math.min(cell.trial.steps, steps), escape: null, converge: null }
  return { ...cell, method: { kind: 'direct' }, start, trial: { ...trial, quench: null, classify: [] } }
}

function humanSeconds(seconds: number): string {
  if (seconds < 1) return 'a second'
  if (seconds < 120) return `${Math.ceil(seconds)} s`
  if (seconds < 7200) return `${(seconds / 60).toFixed(0)} min`
  if (seconds < 172_800) return `${(seconds / 3600).toFixed(1)} h`
  return `${(seconds / 86_400).toFixed(1)} days`
}

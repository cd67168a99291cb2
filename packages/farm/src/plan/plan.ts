import { type SizingOptions, sizingOfSweep } from '@driftfarm/answers'
import { defaults } from '@driftfarm/coordinator'
import { type Database, endedCellsOf, storedTrialsOf } from '@driftfarm/database'
import type { ModuleOf } from '@driftfarm/kernel'
import { type PlanData, type PlannedCell, plannedData } from '@driftfarm/report'
import { cellId, demandOf, type Sweep, trainedStart, trainingCell } from '@driftfarm/spec'
import { findingsOf, firstPlaces, type Stopped, stoppedText } from '@driftfarm/statistics'
import { wideningNotes } from '../submission.ts'
import { DiskEstimate } from './disk.ts'
import { farmSeconds, loadOf } from './farmSeconds.ts'
import type { Pilot } from './pilot.ts'
import { planChecks } from './planChecks.ts'
import { recommendations } from './recommend.ts'
import { checkSizing, isSizingRequested, pilotSizing } from './sizing.ts'
import { measureSpeed } from './speed.ts'

/**
 * Rough processor time to dispatch, store, merge and show a batch, without the time of the trials. To measure this time
 * on the current machine, run `npm run bench sweeps`.
 */
const ledgerSecondsPerBatch = 0.0008
/** Number of cells that the document lists one by one. */
const maxListedCells = 1000

/** The inputs of a plan that can be sent to a thread. Without a database, `share` and `ended` are null. */
export type StoredInputs = Awaited<ReturnType<typeof planInputsOf>>

/** Throws a FarmError if the requested sizing is not possible. */
export async function planInputsOf(
  database: Database | null,
  sweep: Sweep,
  { sizing = {}, pilot }: { readonly sizing?: SizingOptions | undefined; readonly pilot: boolean },
) {
  const asked = isSizingRequested(sizing) ? sizing : null
  const stored = database && (await storedTrialsOf(database, sweep))
  const share = stored && stored.trials
  const ended = database && (await endedCellsOf(database, sweep, maxListedCells))
  const data = asked && (await sizingOfSweep(sweep, asked, { database, stored: share, most: maxListedCells }))
  if (data !== null) checkSizing(data, { pilot })
  const reused = stored && stored.reused
  return {
    reused,
    /** What a submission will warn about, besides `reused` and conditions that take much time, which are findings. */
    warnings: database === null ? [] : await wideningNotes(database, sweep.id(), sweep.demand),
    /** The threads of the farm and its other sweeps; without workers, the threads of this machine. */
    load: await loadOf(database, sweep),
    /** The number of stored trials by cell index. */
    share,
    /** The cells that ended by their stopping rules. */
    ended,
    /** The requested sizing, as far as it is known without a pilot; null if none is requested. */
    sizing: asked && data && { asked, data },
    pilot,
  }
}

export interface PlanInputs extends Omit<StoredInputs, 'pilot'> {
  readonly module: ModuleOf
  /** Measures the time of trials by computing some. If null, the plan computes no trials, and times are unknown. */
  readonly pilot: Pilot | null
  readonly onCell?: (done: number) => void
}

/** Plans a run: its cells, trials, batches and time, and the checks that need no trials. Stores nothing. */
export async function planOf(
  sweep: Sweep,
  { share, ended, reused, warnings, load, module, pilot, sizing, onCell = () => undefined }: PlanInputs,
): Promise<PlanData> {
  const speed = pilot === null ? null : await measureSpeed(sweep, { pilot, module })
  let cpuSeconds = 0
  let batches = 0
  let done = 0
  let longest = 0
  let missing = 0
  const cells: PlannedCell[] = []
  let wanted = 0n
  let open = 0
  const disk = new DiskEstimate(sweep)
  const trained = new Set<string>()
  for (const resolved of sweep.cells()) {
    const { index, id, params, cell } = resolved
    onCell(index)
    const { trials: budget, until } = demandOf(sweep.demand, cell.method.kind)
    const end = budget === null ? endOf(ended, index) : null
    const requested = budget ?? end ?? until?.max ?? 0
    if (budget === null && end === null) open++
    wanted += BigInt(requested)
    const have = Math.min(requested, share?.[index] ?? 0)
    const secondsPerTrial = speed?.secondsPerTrial(cell) ?? 0
    cpuSeconds += (requested - have) * secondsPerTrial
    if (requested > have) missing++
    // Cells share training, unless each trial has its own, which counts as part of the trial.
    const run = requested > have && trainedStart(cell)?.per === 'cell' ? trainingCell(cell) : null
    const training = run === null ? '' : cellId(run)
    const trainingSeconds = run === null ? 0 : (speed?.secondsPerTrial(run) ?? 0)
    if (!trained.has(training)) cpuSeconds += trainingSeconds
    trained.add(training)
    if (requested > have) longest = Math.max(longest, trainingSeconds + secondsPerTrial)
    batches += batchesOf(requested - have, secondsPerTrial)
    disk.add(resolved, requested, batchesOf(requested, secondsPerTrial))
    done += have
    if (index >= maxListedCells) continue
    const stopped = end === null ? undefined : ended?.stopped.get(index)
    const reason = reasonOf(stopped, { requested, have, ruled: budget === null })
    cells.push({ index, id, params, trials: requested, done: have, reason })
  }
  // If a total budget limits the sweep, `sweep.maxTrials` is less than `wanted`. If stopping rules ended cells before
  // their maximum numbers of trials, `sweep.maxTrials` is greater than `wanted`.
  const trials = wanted < sweep.maxTrials ? wanted : sweep.maxTrials
  const affordable = Math.min(1, Number(trials) / Number(wanted))
  cpuSeconds *= affordable
  batches = Math.ceil(batches * affordable)
  const ledgerSeconds = batches * ledgerSecondsPerBatch
  const upperBound = open > 0
  const advice = pilot === null || speed === null ? [] : await recommendations(sweep, { ...speed, pilot, module })
  const sizes =
    sizing === null || pilot === null || speed === null
      ? sizing?.data
      : await pilotSizing(sweep, sizing.data, sizing.asked, { ...speed, pilot, module, advice })
  const piloted = pilot?.end() ?? null
  const checks = await planChecks(sweep, speed)
  const findings = findingsOf(checks)
  const doneShare = trials === 0n ? 0 : Math.min(1, done / Number(trials))
  return {
    sweep: { id: sweep.id(), name: sweep.name, seed: sweep.seed },
    cells: sweep.cellCount,
    trials: String(trials),
    batches: piloted === null ? null : batches,
    cpuSeconds: piloted === null ? null : cpuSeconds + ledgerSeconds,
    ...(piloted === null ? {} : { ledgerSeconds }),
    pilot: piloted,
    done: { trials: String(done), share: doneShare },
    ...(reused === null ? {} : { reused: { ...reused, trials: String(done) } }),
    computed: { cells: missing, trials: String(missing === 0 || trials < done ? 0 : trials - BigInt(done)) },
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(piloted === null
      ? {}
      : {
          seconds: farmSeconds({
            ...load,
            cpuSeconds: cpuSeconds + ledgerSeconds,
            longest,
            cells: sweep.cellCount,
            recommended: advice,
          }),
        }),
    disk: disk.total(affordable),
    upperBound,
    perCell: cells,
    checks,
    ...(sweep.prepared.length === 0 ? {} : { data: sweep.prepared.map(plannedData) }),
    ...(sweep.designs.length === 0 ? {} : { designs: sweep.designs }),
    findings,
    ...searchOf(sweep),
    ...(sizes === undefined ? {} : { sizing: sizes }),
    ...(advice.length === 0 ? {} : { recommended: advice }),
  }
}

function batchesOf(trials: number, secondsPerTrial: number): number {
  const { bundleSeconds, batchTrials } = defaults
  return Math.min(trials, Math.max(1, Math.ceil(trials * Math.max(secondsPerTrial / bundleSeconds, 1 / batchTrials))))
}

function searchOf({ demand, cellCount }: Sweep): Pick<PlanData, 'search'> {
  const searched = demand.until?.threshold
  if (searched === undefined) return {}
  const { points } = searched
  return { search: { lines: cellCount / points, points, first: firstPlaces(searched).length } }
}

/** The number of trials at which the stopping rule ended a cell; null if the cell has not ended. */
function endOf(ended: StoredInputs['ended'], index: number): number | null {
  const trials = ended?.trials[index] ?? Number.NaN
  return Number.isNaN(trials) ? null : trials
}

/** `ruled`: whether the cell ends by a stopping rule, after at most `requested` trials. */
function reasonOf(
  stopped: Readonly<Record<string, unknown>> | undefined,
  { requested, have, ruled }: { readonly requested: number; readonly have: number; readonly ruled: boolean },
): string {
  if (stopped?.rule === 'unvisited') return 'not needed by the threshold search'
  if (stopped !== undefined) return `complete at ${requested} trials: stopped by ${stoppedText(stopped as Stopped)}`
  if (have >= requested) return 'all trials are stored'
  if (have === 0) return 'new: no trials are stored'
  return ruled
    ? `${have} of at most ${requested} trials are stored; the cell runs until its stopping rule is met`
    : `${requested - have} trials are missing`
}

import { type SizingOptions, sizingOfSweep } from '@driftfarm/coordinator'
import { type Database, type EndedCell, planEnded, planShare, stepsAtMost } from '@driftfarm/database'
import {
  type PilotData,
  type Recommended,
  renderChecks,
  renderRecords,
  type Stopped,
  stoppedText,
} from '@driftfarm/report'
import { demandOf } from '@driftfarm/spec'
import { findingsOf } from '@driftfarm/statistics'
import { durationText } from '../duration.ts'
import { pageOf, print, printJson } from '../output.ts'
import { short } from '../quantity.ts'
import { databaseExists, withSession } from '../session.ts'
import type { Shell } from '../shell.ts'
import { readSweep, type SpecOptions } from '../specFile.ts'
import { Pilot } from './pilot.ts'
import { planChecks, plannedText } from './planChecks.ts'
import { recommendations } from './recommend.ts'
import { checkSizing, sizingText, wantsSizing } from './sizing.ts'
import { measureSpeed } from './speed.ts'

/** What a batch aims at, in seconds of a thread. */
const batchSeconds = 1.5
/** Cells listed one by one in the document. */
const mostListed = 1000

export interface PlanOptions extends SpecOptions, SizingOptions {
  readonly json?: boolean
  /** false: no trial is computed, and what needs one is not known. */
  readonly pilot?: boolean
}

export async function plan(shell: Shell, path: string, options: PlanOptions): Promise<void> {
  const sized = wantsSizing(options)
  const { sweep } = await readSweep(shell, path, options)
  const id = sweep.id()
  const look = async (database: Database | null) => {
    const share = database === null ? null : await planShare(database, sweep)
    const sizing = sized ? await sizingOfSweep(sweep, options, { database, stored: share, most: mostListed }) : null
    const ended = database === null ? null : await planEnded(database, sweep)
    return { share, ended, sizing }
  }
  const { share, ended, sizing } = databaseExists(shell)
    ? await withSession(shell, ({ database }) => look(database))
    : await look(null)
  if (sizing !== null) checkSizing(sizing, options)
  const pilot = options.pilot === false ? null : new Pilot(shell, { tell: options.json !== true })
  const secondsPerStep = pilot === null ? () => 0 : await measureSpeed(sweep, pilot)
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
  const advice = pilot === null ? [] : await recommendations(sweep, secondsPerStep, pilot)
  const piloted = pilot?.end() ?? null
  const checks = await planChecks(sweep)
  const findings = findingsOf(checks)
  const doneShare = trials === 0n ? 0 : Math.min(1, done / Number(trials))
  if (options.json === true)
    return printJson(shell, 'Plan', {
      sweep: { id, name: sweep.name, seed: sweep.seed },
      cells: sweep.cellCount,
      trials: String(trials),
      batches: piloted === null ? null : batches,
      cpuSeconds: piloted === null ? null : cpuSeconds,
      pilot: piloted,
      done: { trials: String(done), share: doneShare },
      upperBound,
      perCell: cells,
      checks,
      findings,
      ...(sizing === null ? {} : { sizing }),
      ...(advice.length === 0 ? {} : { recommended: advice }),
    })
  await print(
    shell,
    renderRecords(
      ['', ''],
      [
        ['sweep', `${sweep.name} (${id})`],
        ['cells', String(sweep.cellCount)],
        ['trials', `${upperBound ? 'at most ' : ''}${short(Number(trials))} (${short(most)} a cell)`],
        ...timesOf(piloted, { batches, cpuSeconds }),
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
      { width: pageOf(shell).width },
    ),
  )
  await print(shell, `\n${renderChecks(checks, findings, pageOf(shell))}`)
}

/** What only a pilot tells. */
function timesOf(
  pilot: PilotData | null,
  { batches, cpuSeconds }: { readonly batches: number; readonly cpuSeconds: number },
): (readonly [string, string])[] {
  if (pilot === null)
    return [
      ['batches', 'not known without a pilot'],
      ['CPU time', 'not known without a pilot: leave --no-pilot out'],
      ['method', 'not known without a pilot'],
    ]
  const cells = `${pilot.cells.length === 1 ? 'cell' : 'cells'} ${pilot.cells.join(' and ')}`
  return [
    ['batches', batches === 0 ? 'none' : batches === 1 ? 'one' : `about ${short(batches)}`],
    ['CPU time', batches === 0 ? 'none' : `${durationText(cpuSeconds)} at most; trials that end early need less`],
    ['pilot', `${short(pilot.trials)} trials of ${cells} on this machine; nothing of it is stored`],
  ]
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
  seconds < 1 ? `${Number(seconds.toPrecision(1))} s` : durationText(seconds)

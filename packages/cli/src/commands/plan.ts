import { sizingOfSweep } from '@driftfarm/answers'
import type { Database } from '@driftfarm/database'
import {
  checkSizing,
  isSizingRequested,
  maxListedCells,
  modulesOf,
  Pilot,
  type PilotStep,
  planOf,
  storedProgressOf,
} from '@driftfarm/farm'
import { documents, type PlanData, type ResolvedSpec } from '@driftfarm/report'
import { command } from '../command.ts'
import { negated, type OptionsOf, valued } from '../options/option.ts'
import { positive, probability, share } from '../options/parse.ts'
import { json, progress, set, trials } from '../options/shared.ts'
import { note, printDocument, printedDocument } from '../output.ts'
import { progressOf } from '../progress.ts'
import { homeOf, mayReadDatabase, remoteFarmClientOf, shellOfSpec, withSession } from '../session.ts'
import type { Shell } from '../shell.ts'
import { readSweep } from '../specFile.ts'

const options = {
  set,
  trials,
  width: valued(
    '<w>',
    'find the number of trials for an interval of width w = high - low. With --trials, find the confidence instead',
    share,
  ),
  relative: valued(
    '<r>',
    'like --width, but for a relative half-width r of the probability p: (high - low)/2 <= r p',
    positive,
  ),
  confidence: valued(
    '<c>',
    'confidence of the interval (default: that of the spec). With --trials, find the width at this confidence',
    share,
  ),
  probability: valued(
    '<p>',
    'assumed probability (default: from stored trials, if any; else, with --relative, from the pilot; else 0.5)',
    probability,
  ),
  pilot: negated('compute no trials. Without a pilot, the plan contains no times and recommends no method'),
  progress,
  json,
}
export type PlanOptions = OptionsOf<typeof options>

export const plan = command({
  name: 'plan',
  after: 'run',
  arguments: ['<spec>'],
  summary:
    'show the cells, trials, batches and time of a run. A pilot of about a second measures the speed. Nothing ' +
    'is stored',
  options,
  examples: ['plan examples/double-well.yaml', 'plan examples/double-well.yaml --relative 0.1'],
  kinds: ['Plan'],
  begins: 'reading <spec>',
  act,
})

async function act(given: Shell, path: string, options: PlanOptions): Promise<void> {
  const shell = shellOfSpec(given, path)
  const spec = await readSweep(shell, path, options)
  const data = await planData(shell, spec, options)
  shell.line.clear()
  await printDocument(shell, printedDocument(documents.Plan, data), { json: options.json === true })
}

interface PilotWords {
  /** Says how the user can skip the pilot. */
  readonly leftOut: string
  /** Whether the pilot is announced if there is no terminal. */
  readonly announced: boolean
}

const leftOut = '; --no-pilot skips the pilot'

export async function planData(
  shell: Shell,
  spec: ResolvedSpec,
  options: Partial<PlanOptions>,
  words: PilotWords = { leftOut, announced: options.json !== true },
): Promise<PlanData> {
  const sized = isSizingRequested(options)
  const remote = await remoteFarmClientOf(shell)
  const { width, relative, confidence, probability, trials } = options
  const sizing = sized ? { width, relative, confidence, probability, trials } : undefined
  return remote === null
    ? planHere(shell, spec, options, words)
    : remote.plan(spec, { pilot: options.pilot !== false, ...(sizing === undefined ? {} : { sizing }) })
}

async function planHere(
  shell: Shell,
  { sweep }: ResolvedSpec,
  options: Partial<PlanOptions>,
  words: PilotWords,
): Promise<PlanData> {
  const look = async (database: Database | null) => {
    const stored = await storedProgressOf(database, sweep)
    const requested = { database, stored: stored.share, most: maxListedCells }
    return { stored, sizing: isSizingRequested(options) ? await sizingOfSweep(sweep, options, requested) : null }
  }
  const { stored, sizing } = mayReadDatabase(shell)
    ? await withSession(shell, ({ database }) => look(database))
    : await look(null)
  if (sizing !== null) checkSizing(sizing, { pilot: options.pilot !== false })
  return planOf(sweep, {
    ...stored,
    sizing: sizing === null ? null : { asked: options, data: sizing },
    module: modulesOf(homeOf(shell)),
    pilot: options.pilot === false ? null : new Pilot(pilotReporter(shell, words)),
    onCell: progressOf(shell, 'planning cell', sweep.cellCount),
  })
}

/** Without a terminal, the pilot is announced once, after this many seconds. */
const quietSeconds = 3

function pilotReporter(shell: Shell, { leftOut, announced }: PilotWords): (step: PilotStep) => void {
  let wasAnnounced = false
  return ({ cell, purpose, seconds }) => {
    const text = `pilot: ${purpose} (cell ${cell}${seconds === 0 ? '' : `, ${seconds} s so far`})`
    const hinted = `${text}${leftOut}`
    const { line } = shell
    line.show(hinted.length > line.width ? text : hinted)
    if (!announced || wasAnnounced || line.exists || seconds < quietSeconds) return
    wasAnnounced = true
    note(shell, `running a pilot of a few trials to measure how long a run would take${leftOut}`)
  }
}

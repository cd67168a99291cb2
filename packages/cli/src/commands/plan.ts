import type { SizingOptions } from '@driftfarm/answers'
import { modulesOf, Pilot, type PilotStep, planInputsOf, planOf } from '@driftfarm/farm'
import { documents, type PlanData, type ResolvedSpec } from '@driftfarm/report'
import { command } from '../command.ts'
import { negated } from '../options/option.ts'
import { positive, probability, share } from '../options/parse.ts'
import { progress, set, trials } from '../options/shared.ts'
import { note, printData } from '../output.ts'
import { progressOf } from '../progress.ts'
import { homeOf, mayReadDatabase, remoteFarmClientOf, shellOfSpec, withSession } from '../session.ts'
import type { Shell } from '../shell.ts'
import { readSweep } from '../specFile.ts'

export const plan = command('plan <spec>', {
  summary:
    'show the cells, trials, batches and time of a run. A pilot of about a second measures the speed. Nothing ' +
    'is stored',
  options: {
    set,
    trials,
    width: share(
      '<w>',
      'find the number of trials for an interval of width w = high - low. With --trials, find the confidence instead',
    ),
    relative: positive(
      '<r>',
      'like --width, but for a relative half-width r of the probability p: (high - low)/2 <= r p',
    ),
    confidence: share(
      '<c>',
      'confidence of the interval (default: that of the spec). With --trials, find the width at this confidence',
    ),
    probability: probability(
      '<p>',
      'assumed probability (default: from stored trials, if any; else, with --relative, from the pilot; else 0.5)',
    ),
    pilot: negated('compute no trials. Without a pilot, the plan contains no times and recommends no method'),
    progress,
  },
  examples: ['plan examples/double-well.yaml', 'plan examples/double-well.yaml --relative 0.1'],
  kinds: ['Plan'],
  begins: 'reading <spec>',
  async act(given, path, options) {
    const shell = shellOfSpec(given, path)
    const spec = await readSweep(shell, path, options)
    const data = await planData(shell, spec, options)
    shell.line.clear()
    await printData(shell, documents.Plan, data, options)
  },
})

const leftOut = '; --no-pilot skips the pilot'

/** `hint` says how the user can skip the pilot. */
export async function planData(
  shell: Shell,
  spec: ResolvedSpec,
  options: SizingOptions & { readonly pilot?: boolean },
  hint = leftOut,
): Promise<PlanData> {
  const { sweep } = spec
  const { width, relative, confidence, probability, trials, pilot = true } = options
  const request = { pilot, sizing: { width, relative, confidence, probability, trials } }
  const remote = await remoteFarmClientOf(shell)
  if (remote !== null) return remote.plan(spec, request)
  const inputs = mayReadDatabase(shell)
    ? await withSession(shell, ({ database }) => planInputsOf(database, sweep, request))
    : await planInputsOf(null, sweep, request)
  return planOf(sweep, {
    ...inputs,
    module: modulesOf(homeOf(shell)),
    pilot: pilot ? new Pilot(pilotReporter(shell, hint)) : null,
    onCell: progressOf(shell, 'planning cell', sweep.cellCount),
  })
}

/** Without a terminal, the pilot is announced once, after this many seconds. */
const quietSeconds = 3

function pilotReporter(shell: Shell, hint: string): (step: PilotStep) => void {
  let wasAnnounced = false
  return ({ cell, purpose, seconds }) => {
    const text = `pilot: ${purpose} (cell ${cell}${seconds === 0 ? '' : `, ${seconds} s so far`})`
    const hinted = `${text}${hint}`
    const { line } = shell
    line.show(hinted.length > line.width ? text : hinted)
    if (wasAnnounced || line.exists || seconds < quietSeconds) return
    wasAnnounced = true
    note(shell, `running a pilot of a few trials to measure how long a run would take${hint}`)
  }
}

import { requireShards } from '@driftfarm/farm'
import { CliError } from '../../failure.ts'
import { note, print } from '../../output.ts'
import { withProgressLine } from '../../progress.ts'
import { shellOfSpec } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import { readSweep } from '../../specFile.ts'
import { planData } from '../plan/plan.ts'
import type { SlurmOptions } from '../slurm.ts'
import { minMs, scriptOf, tasksOf } from './script.ts'

const defaultResources = { cpus: 8, timeMs: 3_600_000, most: 200 }

export async function slurm(given: Shell, path: string, options: SlurmOptions): Promise<void> {
  const shell = shellOfSpec(withProgressLine(given, options.progress), path)
  const spec = await readSweep(shell, path, options)
  const { sweep } = spec
  const isShards = options.shards === true
  const timeMs = options.time ?? defaultResources.timeMs
  if (isShards) requireShards(sweep)
  else if (timeMs < minMs)
    throw new CliError(
      'USAGE',
      `--time is ${timeMs / 1_000} s; a worker needs at least 5 minutes, because it starts nothing in its last minutes`,
      'give --time 5m or more',
    )
  const { cpuSeconds } = await planData(shell, spec, { pilot: true }, { leftOut: '', announced: true })
  shell.line.clear()
  const size = {
    cpuSeconds: cpuSeconds ?? 0,
    cpus: options.cpus ?? defaultResources.cpus,
    timeMs,
    most: options.most ?? defaultResources.most,
  }
  const changes = [
    ...options.set.map(([name, value]) => ['--set', `${name}=${value}`]),
    ...(options.trials === undefined ? [] : [['--trials', String(options.trials)]]),
  ].flat()
  await print(shell, scriptOf({ ...size, spec: path, changes, name: sweep.name, shards: isShards }).trimEnd())
  if (!tasksOf(size).suffice)
    note(
      shell,
      isShards
        ? `warning: the maximum number of tasks (${size.most}) is too small for the whole sweep; ` +
            'raise it with --most, or give each task more time or CPUs (--time, --cpus)'
        : `the maximum number of tasks (${size.most}) is too small for the whole sweep: ` +
            'submit the job again until the sweep is complete',
    )
}

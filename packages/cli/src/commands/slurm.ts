import { requireShards } from '@driftfarm/farm'
import { command } from '../command.ts'
import { usageError } from '../failure.ts'
import { flag } from '../options/option.ts'
import { duration, wholeNumber } from '../options/parse.ts'
import { progress, set, trials } from '../options/shared.ts'
import { note, print } from '../output.ts'
import { shellOfSpec } from '../session.ts'
import { readSweep } from '../specFile.ts'
import { planData } from './plan.ts'

export const slurm = command('slurm <spec>', {
  summary: 'print a SLURM job script with as many tasks as the spec needs',
  options: {
    set,
    trials,
    cpus: wholeNumber('CPUs per task (default: 8)'),
    time: duration('time limit of a task (default: 1h)'),
    most: wholeNumber('maximum number of tasks (default: 200)'),
    shards: flag(
      'make tasks that need no network. Each task writes its share of the trials to a file, and `db import` merges ' +
        'the files',
    ),
    progress,
  },
  examples: ['slurm sweep.yaml --cpus 16 --time 2h > job.sh', 'slurm sweep.yaml --shards > job.sh'],
  begins: 'reading <spec>',
  async act(given, path, options) {
    const shell = shellOfSpec(given, path)
    const spec = await readSweep(shell, path, options)
    const { sweep } = spec
    const { cpus = 8, time: timeMs = 3_600_000, most = 200, shards = false } = options
    if (shards) requireShards(sweep)
    else if (timeMs < minMs)
      throw usageError(
        `--time is ${timeMs / 1_000} s; a worker needs at least 5 minutes, because it starts nothing in its last ` +
          'minutes',
        'give --time 5m or more',
      )
    const { cpuSeconds } = await planData(shell, spec, {}, '')
    shell.line.clear()
    const size = { cpuSeconds: cpuSeconds ?? 0, cpus, timeMs, most }
    const changes = [
      ...options.set.map(([name, value]) => ['--set', `${name}=${value}`]),
      ...(options.trials === undefined ? [] : [['--trials', String(options.trials)]]),
    ].flat()
    await print(shell, scriptOf({ ...size, spec: path, changes, name: sweep.name, shards }).trimEnd())
    if (!tasksOf(size).suffice)
      note(
        shell,
        shards
          ? `warning: the maximum number of tasks (${most}) is too small for the whole sweep; ` +
              'raise it with --most, or give each task more time or CPUs (--time, --cpus)'
          : `the maximum number of tasks (${most}) is too small for the whole sweep: ` +
              'submit the job again until the sweep is complete',
      )
  },
})

export interface Job {
  readonly spec: string
  /** The options that change the spec. */
  readonly changes: readonly string[]
  readonly name: string
  /** Processor time in seconds that the sweep still needs. */
  readonly cpuSeconds: number
  readonly cpus: number
  readonly timeMs: number
  /** The maximum number of tasks. */
  readonly most: number
  /** Whether tasks have no network, so that each computes its own shard. */
  readonly shards: boolean
}

/** The usable share of a task's time. The rest is for starting, compiling and ending a little early. */
const usable = 0.8

/**
 * Minimum time limit in ms of a job that runs workers. Workers start nothing in their last minutes, and SLURM counts in
 * whole minutes.
 */
export const minMs = 300_000

/** `suffice`: whether the tasks are enough for the whole sweep. */
export function tasksOf({ cpuSeconds, cpus, timeMs, most }: Pick<Job, 'cpuSeconds' | 'cpus' | 'timeMs' | 'most'>) {
  const needed = Math.max(1, Math.ceil(cpuSeconds / ((usable * cpus * timeMs) / 1_000)))
  return { tasks: Math.min(needed, most), suffice: needed <= most }
}

export function scriptOf(job: Job): string {
  const { tasks } = tasksOf(job)
  const hours = (job.cpuSeconds / 3_600).toPrecision(2)
  return `${[
    '#!/bin/bash',
    `# ${job.name}: about ${Number(hours)} core hours. Tasks: ${tasks}. CPUs per task: ${job.cpus}.`,
    ...(job.shards ? withoutNetwork(job, tasks) : throughNetwork(job, tasks)),
  ].join('\n')}\n`
}

const directives = ({ name, cpus, timeMs }: Job, tasks: number): string[] => [
  '#',
  `#SBATCH --job-name=${fileName(name)}`,
  `#SBATCH --array=1-${tasks}`,
  '#SBATCH --ntasks=1',
  `#SBATCH --cpus-per-task=${cpus}`,
  '#SBATCH --mem-per-cpu=512M',
  `#SBATCH --time=${walltime(timeMs)}`,
  '#SBATCH --requeue',
  '#SBATCH --output=%x-%A_%a.log',
  '#SBATCH --open-mode=append',
]

const home = [
  '# Cache of compiled kernels for all tasks and jobs. Nothing else is stored there.',
  'export DRIFTFARM_HOME="${DRIFTFARM_HOME:-$HOME/.cache/driftfarm}"',
]

const throughNetwork = (job: Job, tasks: number): string[] => [
  '# First submit the sweep from a machine that can reach the farm:',
  `#   driftfarm run ${[quoted(job.spec), ...job.changes.map(quoted)].join(' ')} --detach`,
  '# Then set DRIFTFARM_ACCESS to the file from `driftfarm access` (mode 0600), and submit the job:',
  '#   export DRIFTFARM_ACCESS=$HOME/access.json; sbatch THIS-FILE',
  '# Options of sbatch override the #SBATCH lines below; arguments after THIS-FILE go to the worker.',
  ...directives(job, tasks),
  '# A minute before the time limit, SLURM sends SIGTERM. The worker then finishes its running batches and returns',
  '# all other batches to the farm.',
  '#SBATCH --signal=B:TERM@60',
  '',
  ': "${DRIFTFARM_ACCESS:?set it to the file that driftfarm access wrote}"',
  ...home,
  '# exec makes the signal reach the worker.',
  'exec driftfarm worker --time-limit auto --idle-timeout 5m --on-server-lost finish "$@"',
]

const withoutNetwork = (job: Job, tasks: number): string[] => [
  '# Submit this script from the folder where it was created, so that the spec is found. Each task computes its own',
  '# shard and writes a file in that folder. When all tasks are done, merge the files on the machine that stores the',
  '# results:',
  `#   driftfarm db import ${quoted(`${fileName(job.name)}-`)}*.driftfarm`,
  '# To compute shards that `db import` reports as missing: sbatch --array=2,17 THIS-FILE',
  ...directives(job, tasks),
  '',
  ...home,
  '# A task that is requeued or repeated writes the same bytes again.',
  `exec driftfarm run ${[quoted(job.spec), ...job.changes.map(quoted)].join(' ')} \\`,
  `  --shard "$SLURM_ARRAY_TASK_ID/${tasks}" -o ${quoted(`${fileName(job.name)}-`)}"$SLURM_ARRAY_TASK_ID".driftfarm`,
]

const fileName = (name: string): string => name.replace(/[^\w.-]/g, '-')

/** Formats a time for SLURM as hours, minutes and seconds, rounded up to whole minutes. */
export function walltime(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000))
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00`
}

const quoted = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

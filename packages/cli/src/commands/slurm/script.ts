/** What a job script is made for. */
export interface Job {
  /** The path of the spec, and other words of the command that change it, as they were given. */
  readonly spec: string
  readonly changes: readonly string[]
  readonly name: string
  /** Processor time in seconds that the sweep still takes. */
  readonly cpuSeconds: number
  readonly cpus: number
  readonly timeMs: number
  /** The largest number of tasks. */
  readonly most: number
  /** Whether tasks have no network: each computes its share by itself. */
  readonly shards: boolean
}

/** The share of its time that a task is counted on for: it starts, compiles, and ends a little before it must. */
const usable = 0.8

/** The least time of a job of workers, in ms: they begin nothing in the last minutes, and SLURM counts in minutes. */
export const leastMs = 300_000

/** How many tasks a job needs, and whether they suffice. */
export function tasksOf({ cpuSeconds, cpus, timeMs, most }: Pick<Job, 'cpuSeconds' | 'cpus' | 'timeMs' | 'most'>): {
  readonly tasks: number
  readonly suffice: boolean
} {
  const needed = Math.max(1, Math.ceil(cpuSeconds / ((usable * cpus * timeMs) / 1_000)))
  return { tasks: Math.min(needed, most), suffice: needed <= most }
}

/** The text of a job script. A pure function. */
export function scriptOf(job: Job): string {
  const { tasks } = tasksOf(job)
  const hours = (job.cpuSeconds / 3_600).toPrecision(2)
  return `${[
    '#!/bin/bash',
    `# ${job.name}: about ${Number(hours)} core hours, in ${tasks} tasks of ${job.cpus} CPUs.`,
    ...(job.shards ? withoutNetwork(job, tasks) : throughNetwork(job, tasks)),
  ].join('\n')}\n`
}

const directives = ({ name, cpus, timeMs }: Job, tasks: number): string[] => [
  '#',
  `#SBATCH --job-name=${name.replace(/[^\w.-]/g, '-')}`,
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
  '# Compiled kernels, for all tasks and all jobs; nothing else is kept.',
  'export DRIFTFARM_HOME="${DRIFTFARM_HOME:-$HOME/.cache/driftfarm}"',
]

const throughNetwork = (job: Job, tasks: number): string[] => [
  '# Hand the sweep in first, where the farm can be reached:',
  `#   driftfarm run ${[quoted(job.spec), ...job.changes.map(quoted)].join(' ')} --detach`,
  '# Name the file of `driftfarm access` (mode 0600), then hand the job in:',
  '#   export DRIFTFARM_ACCESS=$HOME/access.json; sbatch THIS-FILE',
  '# What is given to sbatch wins over what stands here; words after THIS-FILE go to the worker.',
  ...directives(job, tasks),
  '# SIGTERM comes a minute before the end: what is at work is finished, the rest is handed out to others.',
  '#SBATCH --signal=B:TERM@60',
  '',
  ': "${DRIFTFARM_ACCESS:?name the file that driftfarm access has written}"',
  ...home,
  '# exec, so that the signal reaches the worker.',
  'exec driftfarm worker --time-limit auto --idle-timeout 5m --on-server-lost finish "$@"',
]

const withoutNetwork = (job: Job, tasks: number): string[] => [
  '# Hand it in from the folder in which it was made, so that the spec is found. Each task computes its share by',
  '# itself, and writes a file there. When all are done, merge them where results are kept:',
  `#   driftfarm db import ${quoted(`${fileName(job.name)}-`)}*.driftfarm`,
  '# Shards that it says are missing are computed by: sbatch --array=2,17 THIS-FILE',
  ...directives(job, tasks),
  '',
  ...home,
  '# A task that is requeued or repeated writes the same bytes.',
  `exec driftfarm run ${[quoted(job.spec), ...job.changes.map(quoted)].join(' ')} \\`,
  `  --shard "$SLURM_ARRAY_TASK_ID/${tasks}" -o ${quoted(`${fileName(job.name)}-`)}"$SLURM_ARRAY_TASK_ID".driftfarm`,
]

const fileName = (name: string): string => name.replace(/[^\w.-]/g, '-')

/** A time as SLURM reads it: hours, minutes and seconds, in whole minutes, rounded up. */
export function walltime(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000))
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00`
}

/** A word as a shell reads it. */
const quoted = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

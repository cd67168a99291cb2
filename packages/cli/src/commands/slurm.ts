import { command } from '../command.ts'
import { flag, type OptionsOf, valued } from '../options/option.ts'
import { duration, wholeNumber } from '../options/parse.ts'
import { progress, set, trials } from '../options/shared.ts'

const options = {
  set,
  trials,
  cpus: valued('<n>', 'CPUs per task (default: 8)', wholeNumber),
  time: valued('<duration>', 'time limit of a task (default: 1h)', duration),
  most: valued('<n>', 'maximum number of tasks (default: 200)', wholeNumber),
  shards: flag(
    'make tasks that need no network. Each task writes its share of the trials to a file, and `db import` merges ' +
      'the files',
  ),
  progress,
}
export type SlurmOptions = OptionsOf<typeof options>

export const slurm = command({
  name: 'slurm',
  arguments: ['<spec>'],
  summary: 'print a SLURM job script with as many tasks as the spec needs',
  options,
  examples: ['slurm sweep.yaml --cpus 16 --time 2h > job.sh', 'slurm sweep.yaml --shards > job.sh'],
  kinds: [],
  begins: (spec) => `reading ${spec}`,
  act: async (...given) => (await import('./slurm/slurm.ts')).slurm(...given),
})

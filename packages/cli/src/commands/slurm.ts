import { command } from '../command.ts'
import { flag, type OptionsOf, valued } from '../options/option.ts'
import { duration, wholeNumber } from '../options/parse.ts'
import { progress, set, trials } from '../options/shared.ts'

const options = {
  set,
  trials,
  cpus: valued('<n>', 'CPUs of each task (default: 8)', wholeNumber),
  time: valued('<duration>', 'how long a task may run (default: 1h)', duration),
  most: valued('<n>', 'tasks at most (default: 200)', wholeNumber),
  shards: flag('tasks without any network: each writes its share of the trials to a file, which db import merges'),
  progress,
}
export type SlurmOptions = OptionsOf<typeof options>

export const slurm = command({
  name: 'slurm',
  arguments: ['<spec>'],
  summary: 'print a job script for SLURM, with as many tasks as the plan of the spec needs',
  options,
  examples: ['slurm sweep.yaml --cpus 16 --time 2h > job.sh', 'slurm sweep.yaml --shards > job.sh'],
  kinds: [],
  begins: (spec) => `reading ${spec}`,
  act: async (...given) => (await import('./slurm/slurm.ts')).slurm(...given),
})

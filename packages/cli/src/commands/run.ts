import { command } from '../command.ts'
import { flag, type OptionsOf, repeated, valued } from '../options/option.ts'
import { duration, shardPlace } from '../options/parse.ts'
import { all, batch, bundle, engine, json, output, progress, set, threads, trials } from '../options/shared.ts'

const options = {
  set,
  trials,
  threads,
  batch,
  bundle,
  engine,
  detach: flag('leave it running in the background'),
  timeout: valued('<duration>', 'stop waiting after this long, e.g. 90s, 10m, 2h', duration),
  accept: repeated('<check>', 'exit with 0 although this check calls numbers wrong (may be repeated)', (name) => name),
  shard: valued('<k/n>', 'compute the k-th of n shards into the file of -o: no database, no network', shardPlace),
  output: { ...output, help: 'the file of a shard' },
  figure: flag('draw the sweep in the terminal, while it is computed and below its results'),
  all,
  progress,
  json,
}
export type RunOptions = OptionsOf<typeof options>

export const run = command({
  name: 'run',
  arguments: ['<spec>'],
  summary: 'plan, compute, wait and print the results',
  options,
  examples: [
    'run examples/double-well.yaml',
    'run examples/double-well.yaml --trials 1e5 --set update.eta=0.05',
    'run examples/double-well.yaml --figure',
    'run examples/double-well.yaml --detach',
    'run examples/double-well.yaml --shard 7/100 -o shard-7.driftfarm',
  ],
  kinds: ['Results', 'Submitted', 'Shard'],
  begins: (spec) => `reading ${spec}`,
  act: async (...given) => (await import('./run/run.ts')).run(...given),
})

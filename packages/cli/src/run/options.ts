import { flag, type OptionsOf, repeated } from '../options/option.ts'
import { duration, shardPlace } from '../options/parse.ts'
import { all, batch, bundle, engine, native, output, progress, set, threads, trials } from '../options/shared.ts'

/** The options of the command `run`. */
export const runOptions = {
  set,
  trials,
  threads,
  batch,
  bundle,
  engine,
  native,
  detach: flag('run in the background'),
  timeout: duration('stop waiting after this time, e.g. 90s, 10m, 2h'),
  accept: repeated('<check>', 'exit with 0 even if this check finds wrong numbers (may be repeated)', (name) => name),
  shard: shardPlace('compute shard k of n, without database or network, and write it to the file given by -o'),
  output: { ...output, help: 'with --shard: file for the shard' },
  figure: flag('draw the sweep in the terminal while it runs, and again below its results'),
  all,
  progress,
}
export type RunOptions = OptionsOf<typeof runOptions>

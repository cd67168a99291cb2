import { command } from '../command.ts'
import { type OptionsOf, valued } from '../options/option.ts'
import { duration } from '../options/parse.ts'
import { all, json, progress } from '../options/shared.ts'

const options = {
  timeout: valued('<duration>', 'stop watching after this time, e.g. 90s, 10m, 2h', duration),
  all,
  progress,
  json,
}
export type WatchOptions = OptionsOf<typeof options>

export const watch = command({
  name: 'watch',
  arguments: ['<sweep>'],
  summary: 'follow a sweep until it ends',
  options,
  examples: ['watch double-well --timeout 10m'],
  kinds: ['WatchEvent'],
  begins: () => 'opening the database',
  act: async (...given) => (await import('./watch/watch.ts')).watch(...given),
})

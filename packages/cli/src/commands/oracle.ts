import { command } from '../command.ts'
import type { OptionsOf } from '../options/option.ts'
import { answeredCell, json, progress, set } from '../options/shared.ts'

const options = { set, cell: answeredCell, progress, json }
export type OracleOptions = OptionsOf<typeof options>

export const oracle = command({
  name: 'oracle',
  arguments: ['<spec>'],
  summary: 'exact answers without trials, and what asymptotic laws say',
  options,
  examples: ['oracle examples/double-well.yaml --cell 0'],
  kinds: ['Oracle'],
  act: async (...given) => (await import('./theory/oracle.ts')).oracle(...given),
})

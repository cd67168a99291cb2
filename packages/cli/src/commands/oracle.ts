import { command } from '../command.ts'
import type { OptionsOf } from '../options/option.ts'
import { answeredCell, json, progress, set } from '../options/shared.ts'

const options = { set, cell: answeredCell, progress, json }
export type OracleOptions = OptionsOf<typeof options>

export const oracle = command({
  name: 'oracle',
  arguments: ['<spec>'],
  summary: 'compute exact answers and asymptotic formulas for a spec, without trials',
  options,
  examples: ['oracle examples/double-well.yaml --cell 0'],
  kinds: ['Oracle'],
  act: async (...given) => (await import('./theory/oracle.ts')).oracle(...given),
})

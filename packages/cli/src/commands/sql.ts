import { command } from '../command.ts'
import type { OptionsOf } from '../options/option.ts'
import { format, json } from '../options/shared.ts'

const options = { format, json }
export type SqlOptions = OptionsOf<typeof options>

export const sql = command({
  name: 'sql',
  arguments: ['<query>'],
  summary: 'query the results database (read-only)',
  options,
  examples: ['sql "select * from sweep"', 'sql "select name, state from sweep" --format csv'],
  kinds: ['Rows'],
  act: async (...given) => (await import('./sql/sql.ts')).sql(...given),
})

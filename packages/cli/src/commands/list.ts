import { command } from '../command.ts'
import { json } from '../options/shared.ts'

export const list = command({
  name: 'list',
  arguments: [],
  summary: 'list all sweeps, newest first',
  options: { json },
  examples: ['list'],
  kinds: ['SweepList'],
  act: async (...given) => (await import('./status/list.ts')).list(...given),
})

import { command } from '../command.ts'
import { json } from '../options/shared.ts'

export const status = command({
  name: 'status',
  arguments: ['[sweep]'],
  summary: 'show the progress of a sweep, or of all sweeps',
  options: { json },
  examples: ['status', 'status double-well --json'],
  kinds: ['Status', 'SweepList'],
  act: async (...given) => (await import('./status/status.ts')).status(...given),
})

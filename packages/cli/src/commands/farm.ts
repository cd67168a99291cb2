import { command } from '../command.ts'
import { json } from '../options/shared.ts'

export const farm = command({
  name: 'farm',
  arguments: [],
  summary: 'show coordinators, workers and their work, the queue, and failures',
  options: { json },
  examples: ['farm'],
  kinds: ['Farm'],
  act: async (...given) => (await import('./farm/farm.ts')).farm(...given),
})

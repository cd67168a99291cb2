import { command } from '../command.ts'
import { json } from '../options/shared.ts'

export const farm = command({
  name: 'farm',
  arguments: [],
  summary: 'who leads, who works and at what; what waits, and what failed',
  options: { json },
  examples: ['farm'],
  kinds: ['Farm'],
  act: async (...given) => (await import('./farm/farm.ts')).farm(...given),
})

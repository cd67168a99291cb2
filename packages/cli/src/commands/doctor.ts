import { command } from '../command.ts'
import { json } from '../options/shared.ts'

export const doctor = command({
  name: 'doctor',
  arguments: [],
  summary: 'check this machine, the database and the queue',
  options: { json },
  examples: ['doctor'],
  kinds: ['Doctor'],
  begins: () => 'looking at this machine',
  act: async (...given) => (await import('./doctor/doctor.ts')).doctor(...given),
})

import { command } from '../command.ts'
import { choice, flag } from '../options/option.ts'
import { json } from '../options/shared.ts'

export const doctor = command({
  name: 'doctor',
  arguments: [],
  summary: 'check this machine, the database and the queue',
  options: {
    health: flag(
      'of a farm, for what watches a process: only whether database and queue can be used, or with DRIFTFARM_URL ' +
        'whether the API there is ready; makes nothing, says only what is wrong, ends with 0 or 1',
    ),
    of: choice('<part>', 'with --health: also whether such a part of this host is heard of', ['worker', 'coordinator']),
    json,
  },
  examples: ['doctor', 'doctor --health --of worker'],
  kinds: ['Doctor'],
  begins: () => 'looking at this machine',
  act: async (shell, options) =>
    options.health === true || options.of !== undefined
      ? (await import('./doctor/health.ts')).health(shell, options)
      : (await import('./doctor/doctor.ts')).doctor(shell, options),
})

import { command } from '../command.ts'
import { choice, flag } from '../options/option.ts'
import { json } from '../options/shared.ts'

export const doctor = command({
  name: 'doctor',
  arguments: [],
  summary: 'check this machine, the database and the queue',
  options: {
    health: flag(
      'health check for a process supervisor. Checks only the database and the queue, or the API if DRIFTFARM_URL ' +
        'is set. Creates nothing, prints only problems, and exits with 0 or 1',
    ),
    of: choice(
      '<part>',
      'with --health: also check that a process of this kind on this host has sent a recent heartbeat',
      ['worker', 'coordinator'],
    ),
    json,
  },
  examples: ['doctor', 'doctor --health --of worker'],
  kinds: ['Doctor'],
  begins: () => 'checking this machine',
  act: async (shell, options) =>
    options.health === true || options.of !== undefined
      ? (await import('./doctor/health.ts')).health(shell, options)
      : (await import('./doctor/doctor.ts')).doctor(shell, options),
})

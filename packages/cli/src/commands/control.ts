import { command } from '../command.ts'
import { json } from '../options/shared.ts'

/** The moves that a user asks of a sweep: what the help says of each, and what is said when it is done. */
const verbs = {
  pause: ['start nothing new of a sweep; resume goes on', 'paused'],
  resume: ['go on with a paused sweep', 'resumed'],
  stop: [
    'let running batches end, then stop for good (until it is run again)',
    'stopping: running batches end, finished trials stay',
  ],
  cancel: ['end running batches too; finished trials stay', 'cancelled: finished trials stay'],
  retry: ['compute failed batches again', 'failed batches will be computed again'],
} as const

export const controls = (Object.keys(verbs) as (keyof typeof verbs)[]).map((verb) =>
  command({
    name: verb,
    arguments: ['<sweep>'],
    summary: verbs[verb][0],
    options: { json },
    examples: [`${verb} double-well`],
    kinds: ['Status'],
    act: async (shell, text, options) => {
      const { control } = await import('@driftfarm/database')
      const { withSweep } = await import('../session.ts')
      const { tellStatus } = await import('./status/status.ts')
      await withSweep(shell, text, async (session, { id, name }) => {
        await control(session.database, id, verb)
        await tellStatus(shell, session, id, { ...options, words: `${name}: ${verbs[verb][1]}` })
      })
    },
  }),
)

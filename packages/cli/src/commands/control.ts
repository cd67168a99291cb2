import { command } from '../command.ts'
import { json } from '../options/shared.ts'

/** The summaries in the help. What a command says afterwards is in the table of a sweep's life. */
const summaries = {
  pause: 'start nothing new of a sweep; resume goes on',
  resume: 'go on with a paused sweep',
  stop: 'let running batches end, then stop; to go on, run its spec again',
  cancel: 'end running batches too; finished trials stay',
  retry: 'compute failed batches again',
} as const

export const controls = (Object.keys(summaries) as (keyof typeof summaries)[]).map((verb) =>
  command({
    name: verb,
    arguments: ['<sweep>'],
    summary: summaries[verb],
    options: { json },
    examples: [`${verb} double-well`],
    kinds: ['Status'],
    act: async (shell, text, options) => {
      const { sweepVerbs } = await import('@driftfarm/spec')
      const { withSweep } = await import('../session.ts')
      const { tellStatus } = await import('./status/status.ts')
      await withSweep(shell, text, async (desk, { id, name }) => {
        const { data } = await desk.act(id, { do: verb })
        await tellStatus(shell, data, { ...options, words: `${name}: ${sweepVerbs[verb].answer}` })
      })
    },
  }),
)

import { sweepVerbs } from '@driftfarm/spec'
import { command } from '../command.ts'
import { json } from '../options/shared.ts'
import { withSweep } from '../session.ts'
import { printNewStatus } from './status.ts'

/** Help texts. The messages that the commands print after the action are in `sweepVerbs`. */
const summaries = {
  pause: 'start no new batches of a sweep. `resume` continues the sweep',
  resume: 'continue a paused sweep',
  stop: 'finish running batches, then stop. To continue the sweep, run its spec again',
  cancel: 'stop at once, without finishing running batches. Finished trials stay stored',
  retry: 'retry the failed batches of a sweep',
} as const

const verbs = Object.keys(summaries) as (keyof typeof summaries)[]

export const controls = verbs.map((verb, place) =>
  command({
    name: verb,
    after: verbs[place - 1] ?? 'watch',
    arguments: ['<sweep>'],
    summary: summaries[verb],
    options: { json },
    examples: [`${verb} double-well`],
    kinds: ['Status'],
    act: async (shell, text, options) => {
      await withSweep(shell, text, async (farmClient, { id, name }) => {
        const { data } = await farmClient.act(id, { do: verb })
        await printNewStatus(shell, data, { ...options, words: `${name}: ${sweepVerbs[verb].answer}` })
      })
    },
  }),
)

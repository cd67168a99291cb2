import { documents } from '@driftfarm/report'
import { sweepVerbs } from '@driftfarm/spec'
import { command } from '../command.ts'
import { printChange } from '../output.ts'
import { withSweep } from '../session.ts'

/** Help texts. The messages that the commands print after the action are in `sweepVerbs`. */
const summaries = {
  pause: 'start no new batches of a sweep. `resume` continues the sweep',
  resume: 'continue a paused sweep',
  stop: 'finish running batches, then stop. To continue the sweep, run its spec again',
  cancel: 'stop at once, without finishing running batches. Finished trials stay stored',
  retry: 'retry the failed batches of a sweep',
} as const

export const controls = (Object.keys(summaries) as (keyof typeof summaries)[]).map((verb) =>
  command(`${verb} <sweep>`, {
    summary: summaries[verb],
    examples: [`${verb} double-well`],
    kinds: ['Status'],
    async act(shell, text) {
      await withSweep(shell, text, async (farmClient, { id, name }) => {
        const { data } = await farmClient.act(id, { do: verb })
        await printChange(shell, documents.Status, data, `${name}: ${sweepVerbs[verb].answer}`)
      })
    },
  }),
)

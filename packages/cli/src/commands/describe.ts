import { describeShape, documents } from '@driftfarm/report'
import { command } from '../command.ts'
import { usageError } from '../failure.ts'
import { text } from '../options/option.ts'
import { printChange } from '../output.ts'
import { withSweep } from '../session.ts'

export const describe = command('describe <sweep>', {
  summary: 'give a sweep a title and notes, which help people to find and understand it',
  options: {
    title: text('<text>', 'shown instead of the name; an empty text removes the title'),
    notes: text('<text>', 'an empty text removes the notes'),
  },
  examples: ["describe double-well --title 'Escape over the barrier'"],
  kinds: ['Status'],
  async act(shell, sweep, { title, notes }) {
    const given = Object.entries({ title, notes }).filter(([, written]) => written !== undefined)
    if (given.length === 0) throw usageError('neither --title nor --notes is given', 'give one of them')
    const { data, error } = describeShape.safeParse(Object.fromEntries(given))
    if (error) {
      const mistakes = error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`)
      throw usageError(mistakes.join('; '), 'use at most 200 characters for a title, and 4000 for notes')
    }
    await withSweep(shell, sweep, async (farmClient, { id, name }) => {
      const status = await farmClient.describe(id, data)
      await printChange(shell, documents.Status, status, `${name}: ${given.map(([part]) => part).join(' and ')} stored`)
    })
  },
})

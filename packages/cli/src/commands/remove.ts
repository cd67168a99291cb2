import { command } from '../command.ts'
import { json } from '../options/shared.ts'

export const remove = command({
  name: 'rm',
  arguments: ['<sweep>'],
  summary: 'remove a sweep, and its cells that no other sweep holds',
  options: { json },
  examples: ['rm double-well'],
  kinds: ['Removed'],
  act: async (shell, text, options) => {
    const { removeSweep } = await import('@driftfarm/database')
    const { note, printDocument } = await import('../output.ts')
    const { withSweep } = await import('../session.ts')
    await withSweep(shell, text, async ({ database }, { id, name }) => {
      const { cells } = await removeSweep(database, id)
      const words = `${name}: removed, with ${cells} cells that no other sweep holds`
      if (options.json !== true) return note(shell, words)
      const data = { sweep: { id, name }, cells }
      await printDocument(shell, { kind: 'Removed', data, table: () => words }, options)
    })
  },
})

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
    const { note, printDocument, shown } = await import('../output.ts')
    const { documents } = await import('@driftfarm/report')
    const { withSweep } = await import('../session.ts')
    await withSweep(shell, text, async (desk, { id, name }) => {
      const { cells } = await desk.remove(id)
      const document = shown(documents.Removed, { sweep: { id, name }, cells })
      if (options.json !== true) return note(shell, `${name}: removed, with ${cells} cells that no other sweep holds`)
      await printDocument(shell, document, options)
    })
  },
})

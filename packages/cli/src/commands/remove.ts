import { command } from '../command.ts'
import { flag } from '../options/option.ts'
import { json } from '../options/shared.ts'

export const remove = command({
  name: 'rm',
  arguments: ['<sweep>'],
  summary: 'remove a sweep, and its cells that no other sweep holds',
  options: { force: flag('also one that is at work, without asking'), json },
  examples: ['rm double-well', 'rm double-well --force'],
  kinds: ['Removed'],
  act: async (shell, text, options) => {
    const { note, printDocument, shown } = await import('../output.ts')
    const { documents } = await import('@driftfarm/report')
    const { withSweep } = await import('../session.ts')
    const { askedAbout } = await import('./remove/askedAbout.ts')
    await withSweep(shell, text, async (desk, { id, name }) => {
      if (options.force !== true && !(await askedAbout(shell, await desk.status(id)))) return
      const { cells } = await desk.remove(id)
      const document = shown(documents.Removed, { sweep: { id, name }, cells })
      if (options.json !== true) return note(shell, `${name}: removed, with ${cells} cells that no other sweep holds`)
      await printDocument(shell, document, options)
    })
  },
})

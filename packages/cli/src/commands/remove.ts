import { command } from '../command.ts'
import { flag } from '../options/option.ts'
import { json } from '../options/shared.ts'

export const remove = command({
  name: 'rm',
  arguments: ['<sweep>'],
  summary: 'remove a sweep and the cells that no other sweep uses',
  options: { force: flag('remove a sweep without confirmation, even if it is running'), json },
  examples: ['rm double-well', 'rm double-well --force'],
  kinds: ['Removed'],
  act: async (shell, text, options) => {
    const { note, printDocument, printedDocument } = await import('../output.ts')
    const { documents, removedText } = await import('@driftfarm/report')
    const { withSweep } = await import('../session.ts')
    const { confirmRemoval } = await import('./remove/confirmRemoval.ts')
    await withSweep(shell, text, async (farmClient, { id, name }) => {
      if (options.force !== true && !(await confirmRemoval(shell, await farmClient.status({ sweep: id })))) return
      const { cells } = await farmClient.remove(id)
      const removed = { sweep: { id, name }, cells }
      const document = printedDocument(documents.Removed, removed)
      if (options.json !== true) return note(shell, removedText(removed))
      await printDocument(shell, document, options)
    })
  },
})

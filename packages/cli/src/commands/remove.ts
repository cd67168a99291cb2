import { documents, removedText, type StatusData } from '@driftfarm/report'
import { isLive } from '@driftfarm/spec'
import { command } from '../command.ts'
import { CliError } from '../failure.ts'
import { flag } from '../options/option.ts'
import { note, printChange } from '../output.ts'
import { withSweep } from '../session.ts'
import type { Shell } from '../shell.ts'

export const remove = command('rm <sweep>', {
  summary: 'remove a sweep and the cells that no other sweep uses',
  options: { force: flag('remove a sweep without confirmation, even if it is running') },
  examples: ['rm double-well', 'rm double-well --force'],
  kinds: ['Removed'],
  async act(shell, text, options) {
    await withSweep(shell, text, async (farmClient, { id, name }) => {
      if (options.force !== true && !(await confirmRemoval(shell, await farmClient.status({ sweep: id })))) return
      const { cells } = await farmClient.remove(id)
      const removed = { sweep: { id, name }, cells }
      await printChange(shell, documents.Removed, removed, removedText(removed))
    })
  },
})

/**
 * If the sweep is planned or running, asks the user for confirmation. Without a terminal, throws a CliError CONFLICT
 * instead.
 */
async function confirmRemoval(shell: Shell, { name, state, trials }: StatusData): Promise<boolean> {
  if (!isLive(state)) return true
  const what = `${name} is ${state}, and ${trials.done} of ${trials.requested} trials are finished`
  if (shell.ask === null)
    throw new CliError('CONFLICT', `${what}; the sweep was not removed`, 'cancel the sweep first, or add --force')
  const answer = await shell.ask(`${what}. Remove the sweep and its trials? [y/N] `)
  if (/^y(es)?$/i.test(answer.trim())) return true
  note(shell, `${name} was not removed`)
  return false
}

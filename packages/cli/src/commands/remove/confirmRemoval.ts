import type { StatusData } from '@driftfarm/report'
import { isLive } from '@driftfarm/spec'
import { CliError } from '../../failure.ts'
import { note } from '../../output.ts'
import type { Shell } from '../../shell.ts'

/**
 * If the sweep is planned or running, asks the user for confirmation. Without a terminal, throws a CliError CONFLICT
 * instead.
 */
export async function confirmRemoval(shell: Shell, { name, state, trials }: StatusData): Promise<boolean> {
  if (!isLive(state)) return true
  const what = `${name} is ${state}, and ${trials.done} of ${trials.requested} trials are finished`
  if (shell.ask === null)
    throw new CliError('CONFLICT', `${what}; the sweep was not removed`, 'cancel the sweep first, or add --force')
  const answer = await shell.ask(`${what}. Remove the sweep and its trials? [y/N] `)
  if (/^y(es)?$/i.test(answer.trim())) return true
  note(shell, `${name} was not removed`)
  return false
}

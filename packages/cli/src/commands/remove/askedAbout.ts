import type { StatusData } from '@driftfarm/report'
import { isLive } from '@driftfarm/spec'
import { CliError } from '../../failure.ts'
import { note } from '../../output.ts'
import type { Shell } from '../../shell.ts'

/**
 * Whether a sweep may be removed: one that is at work only after a yes. Throws a CliError CONFLICT where nobody can be
 * asked.
 */
export async function askedAbout(shell: Shell, { name, state, trials }: StatusData): Promise<boolean> {
  if (!isLive(state)) return true
  const what = `${name} is ${state}, with ${trials.done} of ${trials.demanded} trials done`
  if (shell.ask === null)
    throw new CliError('CONFLICT', `${what}: it is not removed`, 'cancel it first, or remove it with --force')
  const answer = await shell.ask(`${what}. Remove it with all of them? [y/N] `)
  if (/^y(es)?$/i.test(answer.trim())) return true
  note(shell, `${name} stays`)
  return false
}

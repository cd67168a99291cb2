import { existsSync } from 'node:fs'
import { note } from '../../output.ts'
import { homeOf } from '../../session.ts'
import type { Shell } from '../../shell.ts'

/**
 * Prints the path of the home folder if the folder does not exist yet. Also prints the path if a command without a
 * spec, run in the current folder, would use a different home folder.
 */
export function announceHome(shell: Shell): void {
  if (shell.env.DATABASE_URL) return
  const home = homeOf(shell)
  const here = homeOf({ ...shell, beside: shell.cwd })
  if (home !== here) note(shell, `data is stored in ${home}; to use it from this folder, set DRIFTFARM_HOME=${home}`)
  else if (!existsSync(home)) note(shell, `data is stored in ${home} (set DRIFTFARM_HOME to change this)`)
}

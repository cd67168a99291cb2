import { existsSync } from 'node:fs'
import { note } from '../../output.ts'
import { homeOf } from '../../session.ts'
import type { Shell } from '../../shell.ts'

/**
 * Says where the data will be: on the first use of a home, and whenever commands that name no spec would look elsewhere
 * from here.
 */
export function announceHome(shell: Shell): void {
  if (shell.env.DATABASE_URL) return
  const home = homeOf(shell)
  const here = homeOf({ ...shell, beside: shell.cwd })
  if (home !== here) note(shell, `data is kept in ${home}; from here, name it: DRIFTFARM_HOME=${home}`)
  else if (!existsSync(home)) note(shell, `data is kept in ${home} (DRIFTFARM_HOME names another place)`)
}

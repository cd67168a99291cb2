import { existsSync } from 'node:fs'
import { note } from '../output.ts'
import { homeOf } from '../session.ts'
import type { Shell } from '../shell.ts'

export function announceHome(shell: Shell): void {
  if (shell.env.DATABASE_URL) return
  const home = homeOf(shell)
  // The search for a home starts in the folder of the spec. For later commands without a spec, such as `results`, the
  // search starts in the current folder, and may find another home.
  const here = homeOf({ ...shell, beside: shell.cwd })
  if (home !== here) note(shell, `data is stored in ${home}; to use it from this folder, set DRIFTFARM_HOME=${home}`)
  else if (!existsSync(home)) note(shell, `data is stored in ${home} (set DRIFTFARM_HOME to change this)`)
}

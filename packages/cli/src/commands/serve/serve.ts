import { createParts, type PartsOptions, processId } from '@driftfarm/farm'
import { exitCodes } from '../../failure.ts'
import { onInterrupt } from '../../interrupt.ts'
import { note } from '../../output.ts'
import { withSession } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import { troubleListener } from '../../trouble.ts'
import { announceHome } from '../run/home.ts'

/** Runs `up`, `coordinator` or `worker`, which differ in the parts that they start, until a signal. */
export async function serve(
  shell: Shell,
  kind: 'up' | 'coordinator' | 'worker',
  options: Pick<PartsOptions, 'threads' | 'batch' | 'bundle' | 'engine'>,
): Promise<number> {
  announceHome(shell)
  const interrupt = onInterrupt(shell)
  return withSession(shell, async (session) => {
    const id = processId(kind)
    const parts = await createParts(session, {
      ...options,
      id,
      kind,
      onTrouble: troubleListener(shell, { tell: true }),
    })
    await parts.start()
    note(shell, `${kind} ${id} ready${parts.threads === null ? '' : `, ${parts.threads} threads`}; Ctrl-C ends it`)
    await interrupt.wait()
    note(shell, `${kind} ${id} draining`)
    await parts.drain()
    await parts.stop()
    note(shell, `${kind} ${id} ended`)
    return exitCodes.done
  }).finally(() => interrupt.dispose())
}

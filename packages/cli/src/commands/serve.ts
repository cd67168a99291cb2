import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createCoordinator } from '@driftfarm/coordinator'
import { createWorker } from '@driftfarm/worker'
import { exitCodes } from '../failure.ts'
import { onInterrupt } from '../interrupt.ts'
import { note } from '../output.ts'
import { openSession, processId } from '../session.ts'
import type { Shell } from '../shell.ts'
import { threadFile } from '../threadFile.ts'
import { troubleListener } from '../trouble.ts'

export interface ServeOptions {
  readonly threads?: number
  readonly batch?: number
  readonly engine?: 'wasm' | 'reference'
}

/** Running batches may take this long to end after a signal. */
const drainMs = 10_000

/** `up`, `coordinator` and `worker` differ in which parts they start. All end by a signal. */
export async function serve(
  shell: Shell,
  kind: 'up' | 'coordinator' | 'worker',
  options: ServeOptions,
): Promise<number> {
  const interrupt = onInterrupt(shell)
  const session = await openSession(shell)
  const id = processId(kind)
  try {
    const queue = session.queue()
    if (session.mode === 'embedded') await queue.migrate()
    await queue.check()
    const onTrouble = troubleListener(shell, { tell: true })
    const threads = options.threads ?? availableParallelism()
    const coordinator =
      kind === 'worker'
        ? null
        : createCoordinator({
            database: session.database,
            ledger: session.ledger,
            queue,
            holder: id,
            kind,
            onTrouble,
            ...(options.batch === undefined ? {} : { batch: options.batch }),
          })
    const worker =
      kind === 'coordinator'
        ? null
        : createWorker({
            ledger: session.ledger,
            queue,
            id,
            kind,
            threads,
            engine: options.engine ?? 'wasm',
            cacheFolder: join(session.home, 'cache'),
            threadFile: threadFile(),
            onTrouble,
          })
    await worker?.start()
    await coordinator?.start()
    note(shell, `${kind} ${id} ready${worker === null ? '' : `, ${threads} threads`}; Ctrl-C ends it`)
    await interrupt.wait()
    note(shell, `${kind} ${id} draining`)
    await worker?.drain({ timeoutMs: drainMs })
    await worker?.stop()
    await coordinator?.stop()
    note(shell, `${kind} ${id} ended`)
    return interrupt.exit() === null ? exitCodes.unexpected : exitCodes.done
  } finally {
    interrupt.dispose()
    await session.close()
  }
}

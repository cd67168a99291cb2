import { PassThrough } from 'node:stream'
import { databaseInfo, dumpDatabase, grantQueue, migrate, startEmbedded } from '@driftfarm/database'
import { createQueueFactory } from '@driftfarm/queue'
import { documents } from '@driftfarm/report'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { onInterrupt } from '../../interrupt.ts'
import { note, print, printDocument, printedDocument, writeAll } from '../../output.ts'
import { homeOf, readerOf, withSession } from '../../session.ts'
import type { Shell } from '../../shell.ts'

/** No other command changes the structure of the tables of a farm. */
export async function migrateDatabase(shell: Shell): Promise<void> {
  const given = shell.env.DATABASE_URL
  if (given === undefined || given === '') {
    await withSession(shell, async (session) => {
      const queue = session.queue()
      await queue.migrate()
    })
    note(shell, 'the embedded database is up to date')
    return
  }
  const readerPassword = shell.env.DRIFTFARM_READER_PASSWORD
  await migrate(given, readerPassword ? { readerPassword } : {})
  const queue = createQueueFactory({
    databaseUrl: given,
    kernelVersion: KERNEL_VERSION,
    ...(shell.env.REDIS_URL ? { redisUrl: shell.env.REDIS_URL } : {}),
  })
  try {
    await queue.migrate()
    await grantQueue(given)
  } finally {
    await queue.close()
  }
  note(shell, 'the database is up to date')
}

export async function databaseStatus(shell: Shell, options: { json?: boolean }): Promise<void> {
  await withSession(shell, async (session) => {
    const info = await databaseInfo(session.database)
    await printDocument(shell, printedDocument(documents.DatabaseStatus, { mode: session.mode, ...info }), options)
  })
}

export async function databaseUrl(shell: Shell, options: { keep?: boolean }): Promise<void> {
  if (shell.env.DATABASE_URL) {
    await withSession(shell, async (session) => {
      await print(shell, readerOf(session))
    })
    return
  }
  const embedded = await startEmbedded({ home: homeOf(shell), onNotice: () => undefined })
  try {
    await print(shell, embedded.readerUrl)
    if (options.keep !== true) return
    note(shell, 'the embedded server runs until Ctrl-C')
    const interrupt = onInterrupt(shell)
    await interrupt.wait()
    interrupt.dispose()
  } finally {
    await embedded.close()
  }
}

export async function dump(shell: Shell, options: { output?: string }): Promise<void> {
  await withSession(shell, async (session) => {
    const text = new PassThrough({ encoding: 'utf8' })
    // Every table that the dump pipes into the stream adds listeners. A limit of 0 turns off Node's warning about too
    // many listeners.
    text.setMaxListeners(0)
    text.on('error', () => undefined)
    const written = writeAll(shell, text, options.output).catch((error: unknown) => {
      text.destroy()
      throw error
    })
    const dumped = dumpDatabase(session.databaseUrl, text).then(
      () => text.end(),
      (error: Error) => {
        text.destroy(error)
        throw error
      },
    )
    // Writing and dumping must both have ended before the session closes. A write error also makes the dump fail. So if
    // both have failed, the write error is thrown.
    const [output, source] = await Promise.allSettled([written, dumped])
    for (const end of [output, source]) if (end.status === 'rejected') throw end.reason
  })
}

import { resolve } from 'node:path'
import { databaseInfo, dumpDatabase, grantQueue, migrate as migrateTables, startEmbedded } from '@driftfarm/database'
import { checkShards, databaseFarmClient, importShards as importFrames } from '@driftfarm/farm'
import { type DocumentData, documents } from '@driftfarm/report'
import { command } from '../command.ts'
import { queueOf } from '../doctor/checks.ts'
import { onInterrupt, untilInterrupted } from '../interrupt.ts'
import { flag } from '../options/option.ts'
import { output, progress } from '../options/shared.ts'
import { note, print, printData, writeAll } from '../output.ts'
import { progressOf } from '../progress.ts'
import { homeOf, readerOf, withSession } from '../session.ts'

export const migrate = command('db migrate', {
  summary: 'apply pending migrations to the database and the queue',
  /** No other command changes the structure of the tables of a farm. */
  async act(shell) {
    const { DATABASE_URL: given, DRIFTFARM_READER_PASSWORD: readerPassword } = shell.env
    if (!given) {
      await withSession(shell, (session) => session.queue().migrate())
      return note(shell, 'the embedded database is up to date')
    }
    await migrateTables(given, readerPassword ? { readerPassword } : {})
    const queue = queueOf(shell)
    try {
      await queue.migrate()
      await grantQueue(given)
    } finally {
      await queue.close()
    }
    note(shell, 'the database is up to date')
  },
})

export const databaseStatus = command('db status', {
  summary: 'show the version, migrations and size of the database',
  kinds: ['DatabaseStatus'],
  async act(shell, options) {
    await withSession(shell, async (session) => {
      const info = await databaseInfo(session.database)
      await printData(shell, documents.DatabaseStatus, { mode: session.mode, ...info }, options)
    })
  },
})

export const databaseUrl = command('db url', {
  summary:
    'print a read-only database address for psql, DuckDB or pandas. An embedded server runs only while something ' +
    'uses it; see --keep',
  options: { keep: flag('keep the embedded server running until Ctrl-C') },
  examples: ['db url --keep'],
  async act(shell, options) {
    if (shell.env.DATABASE_URL) return withSession(shell, (session) => print(shell, readerOf(session)))
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
  },
})

export const dump = command('db dump', {
  summary: 'dump the whole database as SQL',
  options: { output },
  examples: ['db dump -o farm.sql'],
  async act(shell, options) {
    await withSession(shell, ({ databaseUrl }) =>
      dumpDatabase(databaseUrl, (dump) => writeAll(shell, dump, options.output)),
    )
  },
})

export const importShards = command('db import <file...>', {
  summary: 'import shards of a sweep (from `run --shard`). The sweep is complete once no trials are missing',
  options: { progress },
  examples: ['db import shard-1.driftfarm shard-2.driftfarm'],
  kinds: ['Imported'],
  async act(shell, files, options) {
    let words = ''
    let showProgress: (done: number) => void = () => undefined
    const importInto = async (signal: AbortSignal): Promise<undefined> => {
      const how = {
        signal,
        onProgress(what: string, count: number): void {
          if (what !== words) showProgress = progressOf(shell, what, null)
          words = what
          showProgress(count)
        },
      }
      const named = files.map((name) => ({ name, path: resolve(shell.cwd, name) }))
      const checked = await checkShards(named, how)
      await withSession(shell, async (session) => {
        const { id, ...result } = await importFrames(session.database, checked, how)
        const { name, state } = await databaseFarmClient(session).status({ sweep: id })
        const data: DocumentData<'Imported'> = { sweep: { id, name, state }, ...result }
        await printData(shell, documents.Imported, data, options)
        note(shell, nextCommand(data))
      })
    }
    const hint = 'interrupted: imported trials stay stored; import the same files again to continue'
    return untilInterrupted(shell, importInto, hint)
  },
})

function nextCommand({ sweep, missing }: DocumentData<'Imported'>): string {
  const { name, state } = sweep
  if (state === 'complete') return `\`driftfarm results ${name}\` prints the results`
  if (state === 'incomplete') return `\`driftfarm retry ${name}\` retries the failed batches`
  if (missing.trials === 0 || !['planned', 'running', 'interrupted'].includes(state))
    return `the sweep is ${state}: \`driftfarm run SPEC\` continues it`
  if (state !== 'interrupted')
    return (
      'the farm computes the missing trials unless you import them first; ' +
      `\`driftfarm watch ${name}\` shows the progress`
    )
  return 'import the missing shards, or run `driftfarm run SPEC` to compute the rest'
}

import { resolve } from 'node:path'
import { checkShards, databaseDesk, importShards } from '@driftfarm/farm'
import { type DocumentData, documents, integer } from '@driftfarm/report'
import { exitCodes } from '../../failure.ts'
import { onInterrupt } from '../../interrupt.ts'
import { note, printDocument, shown } from '../../output.ts'
import { progressing, progressOf } from '../../progress.ts'
import { withSession } from '../../session.ts'
import type { Progress, Shell } from '../../shell.ts'

interface ImportOptions {
  readonly progress?: Progress
  readonly json?: boolean
}

/** Stores the files of shards, and says what of their sweep is missing. */
export async function importFiles(given: Shell, files: readonly string[], options: ImportOptions): Promise<number> {
  const shell = progressing(given, options.progress)
  const interrupt = onInterrupt(shell)
  let words = ''
  let tell: (done: number) => void = () => undefined
  const how = {
    signal: interrupt.signal,
    onProgress(what: string, count: number): void {
      if (what !== words) tell = progressOf(shell, what, null)
      words = what
      tell(count)
    },
  }
  try {
    const named = files.map((name) => ({ name, path: resolve(shell.cwd, name) }))
    const checked = await checkShards(named, how)
    return await withSession(shell, async (session) => {
      const { id, files: done, of, missing } = await importShards(session.database, checked, how)
      const { name, state } = await databaseDesk(session).status(id)
      const sum = (of: (counts: (typeof done)[number]['counts']) => number) =>
        integer(done.reduce((total, { counts }) => total + BigInt(of(counts)), 0n))
      const data: DocumentData<'Imported'> = {
        sweep: { id, name, state },
        files: done.map(({ name: file, shard, counts, failed }) => ({ file, shard, ...counts, failed })),
        imported: sum(({ imported }) => imported),
        audited: sum(({ audited }) => audited),
        leftOut: sum(({ leftOut }) => leftOut),
        missing: { trials: integer(missing.trials), of, shards: missing.shards, gaps: missing.gaps },
      }
      await printDocument(shell, shown(documents.Imported, data), { json: options.json === true })
      if (options.json !== true) note(shell, next(data))
      return exitCodes.done
    })
  } catch (error) {
    if (!interrupt.signal.aborted) throw error
    note(shell, 'interrupted: what was imported is kept; import the same files again to go on')
    return interrupt.exit() ?? exitCodes.interrupted
  } finally {
    interrupt.dispose()
  }
}

/** What to do now. */
function next({ sweep, missing }: DocumentData<'Imported'>): string {
  const { name, state } = sweep
  if (state === 'complete') return `driftfarm results ${name} shows what came of it`
  if (state === 'incomplete') return `driftfarm retry ${name} tries again what was given up`
  if (missing.trials === 0 || !['planned', 'running', 'interrupted'].includes(state))
    return `it is ${state}: driftfarm run SPEC goes on with it`
  if (state !== 'interrupted')
    return `the farm computes the rest, unless files bring it first: driftfarm watch ${name} follows it`
  return 'import the files that are missing, or let driftfarm run SPEC compute the rest'
}

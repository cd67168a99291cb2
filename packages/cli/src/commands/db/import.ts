import { resolve } from 'node:path'
import { checkShards, databaseFarmClient, importShards } from '@driftfarm/farm'
import { type DocumentData, documents, integer } from '@driftfarm/report'
import { exitCodes } from '../../failure.ts'
import { onInterrupt } from '../../interrupt.ts'
import { note, printDocument, printedDocument } from '../../output.ts'
import { progressOf, withProgressLine } from '../../progress.ts'
import { withSession } from '../../session.ts'
import type { Progress, Shell } from '../../shell.ts'

interface ImportOptions {
  readonly progress?: Progress
  readonly json?: boolean
}

export async function importFiles(given: Shell, files: readonly string[], options: ImportOptions): Promise<number> {
  const shell = withProgressLine(given, options.progress)
  const interrupt = onInterrupt(shell)
  let words = ''
  let showProgress: (done: number) => void = () => undefined
  const how = {
    signal: interrupt.signal,
    onProgress(what: string, count: number): void {
      if (what !== words) showProgress = progressOf(shell, what, null)
      words = what
      showProgress(count)
    },
  }
  try {
    const named = files.map((name) => ({ name, path: resolve(shell.cwd, name) }))
    const checked = await checkShards(named, how)
    return await withSession(shell, async (session) => {
      const { id, files: done, of, missing } = await importShards(session.database, checked, how)
      const { name, state } = await databaseFarmClient(session).status({ sweep: id })
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
      await printDocument(shell, printedDocument(documents.Imported, data), { json: options.json === true })
      if (options.json !== true) note(shell, nextCommand(data))
      return exitCodes.done
    })
  } catch (error) {
    if (!interrupt.signal.aborted) throw error
    note(shell, 'interrupted: imported trials stay stored; import the same files again to continue')
    return interrupt.exit() ?? exitCodes.interrupted
  } finally {
    interrupt.dispose()
  }
}

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

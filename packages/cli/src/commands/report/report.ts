import { htmlReport, markdownReport, type ReportedSweep, reportedSweep } from '@driftfarm/report'
import { CliError } from '../../failure.ts'
import { note, writeAll } from '../../output.ts'
import { progressOf, withProgressLine } from '../../progress.ts'
import { requireFarm, withSweep } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import { version } from '../../version.ts'
import type { ReportCommandOptions } from '../report.ts'

export async function report(given: Shell, text: string, options: ReportCommandOptions): Promise<void> {
  const shell = withProgressLine(given, options.progress)
  const { output, with: others = '' } = options
  const kind = /\.(html?|md|markdown)$/i.exec(output)?.[1]?.toLowerCase()
  if (kind === undefined)
    throw new CliError('USAGE', `a report cannot be written as ${output}`, 'use a file name that ends in .html or .md')
  requireFarm(shell, text)
  await withSweep(shell, text, async (source, { id }) => {
    const ids = [id]
    for (const other of others.split(',').map((each) => each.trim()))
      if (other !== '') ids.push((await source.find(other)).id)
    const sweeps: ReportedSweep[] = []
    for (const each of new Set(ids)) {
      let showProgress: ((done: number) => void) | null = null
      sweeps.push(
        await reportedSweep(source, each, {
          oracle: options.oracle === true,
          theorem: options.theorem === true,
          data: kind.startsWith('h'),
          onCells(done, total) {
            showProgress ??= progressOf(shell, 'reading cell', total)
            showProgress(done)
          },
        }),
      )
    }
    const made = new Date().toISOString().slice(0, 10)
    const whole = kind.startsWith('h')
      ? await htmlReport(sweeps, { made, version })
      : markdownReport(sweeps, { made, version })
    await writeAll(shell, [whole], output)
    note(shell, `wrote ${output}`)
  })
}

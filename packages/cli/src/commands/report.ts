import { htmlReport, markdownReport, type ReportedSweep, reportedSweep } from '@driftfarm/report'
import { command } from '../command.ts'
import { CliError } from '../failure.ts'
import { flag, type OptionsOf, required, text } from '../options/option.ts'
import { progress } from '../options/shared.ts'
import { note, writeAll } from '../output.ts'
import { progressOfCells } from '../progress.ts'
import { withSweep } from '../session.ts'
import type { Shell } from '../shell.ts'
import { version } from '../version.ts'

const options = {
  output: { ...required(text('<file>', 'file to write, .html or .md')), letter: 'o' },
  with: text('<sweeps>', 'further sweeps to include, separated by commas'),
  oracle: flag('also draw the exact values of estimates, where they can be computed (about a second per cell)'),
  theorem: flag('also draw the bounds of Theorem 1, if the theorem bounds the event that the trials measure'),
  progress,
}
export type ReportCommandOptions = OptionsOf<typeof options>

export const report = command({
  name: 'report',
  after: 'figure',
  arguments: ['<sweep>'],
  summary: 'write a report of a sweep as one file: answer, figures, tables, method, checks and how to reproduce it',
  options,
  examples: [
    'report double-well -o double-well.html',
    'report before --with after -o both.html',
    'report double-well -o report.md',
  ],
  kinds: [],
  act,
})

async function act(shell: Shell, text: string, options: ReportCommandOptions): Promise<void> {
  const { output, with: others = '' } = options
  const kind = /\.(html?|md|markdown)$/i.exec(output)?.[1]?.toLowerCase()
  if (kind === undefined)
    throw new CliError('USAGE', `a report cannot be written as ${output}`, 'use a file name that ends in .html or .md')
  await withSweep(shell, text, async (source, { id }) => {
    const ids = [id]
    for (const other of others.split(',').map((each) => each.trim()))
      if (other !== '') ids.push((await source.find(other)).id)
    const sweeps: ReportedSweep[] = []
    for (const each of new Set(ids)) {
      sweeps.push(
        await reportedSweep(source, each, {
          oracle: options.oracle === true,
          theorem: options.theorem === true,
          data: kind.startsWith('h'),
          onCells: progressOfCells(shell),
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

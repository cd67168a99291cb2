import { htmlReport, markdownReport, type ReportedSweep, reportedSweep } from '@driftfarm/report'
import { command } from '../command.ts'
import { usageError } from '../failure.ts'
import { flag, required, text } from '../options/option.ts'
import { progress } from '../options/shared.ts'
import { note, writeAll } from '../output.ts'
import { progressOfCells } from '../progress.ts'
import { withSweep } from '../session.ts'
import { version } from '../version.ts'

export const report = command('report <sweep>', {
  summary: 'write a report of a sweep as one file: answer, figures, tables, method, checks and how to reproduce it',
  options: {
    output: { ...required(text('<file>', 'file to write, .html or .md')), letter: 'o' },
    with: text('<sweeps>', 'further sweeps to include, separated by commas'),
    oracle: flag('also draw the exact values of estimates, where they can be computed (about a second per cell)'),
    theorem: flag('also draw the bounds of Theorem 1, if the theorem bounds the event that the trials measure'),
    progress,
  },
  examples: [
    'report double-well -o double-well.html',
    'report before --with after -o both.html',
    'report double-well -o report.md',
  ],
  async act(shell, text, options) {
    const { output, with: others = '', oracle = false, theorem = false } = options
    const isHtml = /\.html?$/i.test(output)
    if (!isHtml && !/\.(md|markdown)$/i.test(output))
      throw usageError(`a report cannot be written as ${output}`, 'use a file name that ends in .html or .md')
    await withSweep(shell, text, async (source, { id }) => {
      const ids = [id]
      for (const other of others.split(',').map((each) => each.trim()))
        if (other !== '') ids.push((await source.find(other)).id)
      const sweeps: ReportedSweep[] = []
      for (const each of new Set(ids)) {
        const onCells = progressOfCells(shell)
        sweeps.push(await reportedSweep(source, each, { oracle, theorem, data: isHtml, onCells }))
      }
      const origin = { made: new Date().toISOString().slice(0, 10), version }
      await writeAll(shell, [isHtml ? await htmlReport(sweeps, origin) : markdownReport(sweeps, origin)], output)
      note(shell, `wrote ${output}`)
    })
  },
})

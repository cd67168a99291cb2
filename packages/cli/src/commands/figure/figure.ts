import { formatOfFile } from '@driftfarm/farm'
import {
  documentJson,
  documents,
  envelope,
  type Figure,
  requireApplicableOptions,
  terminalFigure,
} from '@driftfarm/report'
import { CliError } from '../../failure.ts'
import { note, print, printDocument, printedDocument, terminalFor } from '../../output.ts'
import { progressOf, withProgressLine } from '../../progress.ts'
import { requireFarm, withSweep } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import type { FigureOptions } from '../figure.ts'
import { landscapeOf } from './landscape.ts'
import { writeFigure } from './write.ts'

export async function figure(given: Shell, text: string, options: FigureOptions): Promise<void> {
  const shell = withProgressLine(given, options.progress)
  refuseConflictingOptions(options)
  // Check the file's extension before anything is computed.
  if (options.output !== undefined) formatOfFile(options.output)
  if (options.kind === 'landscape') return printDetails(shell, await landscapeOf(shell, text, options), options)
  requireFarm(shell, text)
  await withSweep(shell, text, async (farmClient, { id }) => {
    const { kind, x, y, of, by, log, where, show, oracle, theorem, fit, cell, trial } = options
    let showProgress: ((done: number) => void) | null = null
    const drawn = await farmClient.figure(id, {
      kind: kind as Exclude<typeof kind, 'landscape'>,
      x,
      y,
      of,
      by,
      log,
      where,
      show,
      oracle,
      theorem,
      fit,
      cell,
      trials: trial,
      onCells(done, total) {
        showProgress ??= progressOf(shell, 'reading cell', total)
        showProgress(done)
      },
    })
    await printDetails(shell, drawn, options)
  })
}

async function printDetails(shell: Shell, drawn: Figure, options: FigureOptions): Promise<void> {
  const { output, json, width, theme, plain } = options
  if (output !== undefined) {
    await writeFigure(shell, drawn, output, { width, theme, plain })
    if (json !== true) note(shell, `wrote ${output}`)
    if (json === true) await print(shell, documentJson(envelope('Figure', drawn, [])))
    return
  }
  if (json === true) return printDocument(shell, printedDocument(documents.Figure, drawn), { json })
  await print(shell, `${terminalFigure(drawn, terminalFor(shell)).join('\n')}\n`)
}

function refuseConflictingOptions(options: FigureOptions): void {
  const { kind, output, width, theme, plain, set, trial } = options
  const names = { kind: '--kind', trials: '--trial' } as Readonly<Record<string, string>>
  requireApplicableOptions({ ...options, trials: trial }, (option, value) =>
    [names[option] ?? `--${option}`, ...(value === undefined ? [] : [value])].join(' '),
  )
  if (output === undefined && (width !== undefined || theme !== undefined || plain === true))
    throw new CliError('USAGE', '--width, --theme and --plain need a file', 'add -o FILE, or omit them')
  if (kind !== 'landscape' && set.length > 0)
    throw new CliError(
      'USAGE',
      '--set changes a spec, but this kind of figure draws a stored sweep',
      'use --set only with --kind landscape SPEC',
    )
}

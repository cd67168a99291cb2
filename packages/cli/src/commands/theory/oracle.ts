import type { Worker } from 'node:worker_threads'
import { documents, oracleCell } from '@driftfarm/report'
import { printDocument, printedDocument } from '../../output.ts'
import { withProgressLine } from '../../progress.ts'
import type { Shell } from '../../shell.ts'
import { readSweep } from '../../specFile.ts'
import type { OracleOptions } from '../oracle.ts'
import { selectCells } from './answered.ts'
import { computeForAll, withTheoryThread } from './theoryThread.ts'

export async function oracle(given: Shell, path: string, options: OracleOptions): Promise<number | undefined> {
  const shell = withProgressLine(given, options.progress)
  return withTheoryThread(shell, (thread) => answerCells(shell, thread, path, options))
}

async function answerCells(
  shell: Shell,
  thread: Worker | null,
  path: string,
  options: OracleOptions,
): Promise<number | undefined> {
  const { sweep } = await readSweep(shell, path, { set: options.set })
  const { horizons } = sweep.demand
  const chosen = selectCells(sweep, options.cell)
  const answers = await computeForAll(shell, thread, {
    kind: 'oracle',
    items: chosen,
    words: (_, place) => `cell ${place + 1} of ${chosen.length}`,
    task: ({ cell, data }) => ({ cell, data, horizons }),
  })
  if (typeof answers === 'number') return answers
  const cells = answers.map(({ found, laws }, place) => oracleCell(chosen[place]!, found, laws))
  await printDocument(shell, printedDocument(documents.Oracle, { sweep: { name: sweep.name }, cells }), options)
  return undefined
}

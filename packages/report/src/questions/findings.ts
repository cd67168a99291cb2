import type { Finding } from '@driftfarm/statistics'
import { aboutSweep } from '../addressShapes.ts'
import { type FinishedCells, finishedCells } from '../document/findings.ts'
import { plain, question } from '../question.ts'

/** What the checks say about the finished cells of a sweep. */
export const findings = question({
  path: '/sweeps/:sweep/findings',
  summary: 'What the checks say about the finished cells of a sweep, and how many cells are finished.',
  input: aboutSweep,
  form: plain<FinishedCells & { readonly findings: readonly Finding[] }>('Findings'),
  takes: 'long',
  inFile(file, { sweep }) {
    const { status, results } = file.held(sweep)
    const { cells, findings } = results.data
    return { ...finishedCells(status.state, cells), findings }
  },
})

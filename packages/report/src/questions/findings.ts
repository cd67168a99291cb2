import { type Finding, isDoubt } from '@driftfarm/statistics'
import * as z from 'zod'
import { sweepShape } from '../addressShapes.ts'
import type { FinishedCells } from '../document/findings.ts'
import { plain, question } from '../question.ts'

/** What the checks say about the finished cells of a sweep. */
export const findings = question({
  path: '/sweeps/:sweep/findings',
  summary: 'What the checks say about the finished cells of a sweep, and how many cells are finished.',
  input: z.object({ sweep: sweepShape }),
  form: plain<FinishedCells & { readonly findings: readonly Finding[] }>('Findings'),
  takes: 'long',
  inFile(file, { sweep }) {
    const { status, results } = file.held(sweep)
    const { cells, findings } = results.data
    const finished = cells.filter(({ stopped }) => stopped !== null)
    const firm = finished.filter(({ checks }) => !checks.some(isDoubt)).length
    return { state: status.state, cells: cells.length, finished: finished.length, firm, findings }
  },
})

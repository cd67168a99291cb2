import * as z from 'zod'
import { plain, question } from '../question.ts'

/** What is lost if some sweeps are removed: the cells and trials that no other sweep contains. */
export interface RemovalData {
  readonly cells: number
  /** Decimal text. */
  readonly trials: string
  /** Cells that stay, because other sweeps contain them. */
  readonly kept: number
}

export const removal = question({
  path: '/removal',
  summary: 'What is lost if these sweeps are removed: the cells and trials that no other sweep contains.',
  input: z.object({
    sweeps: z
      .string()
      .regex(/^[0-9a-f]{32}(,[0-9a-f]{32}){0,399}$/, 'must be a list of at most 400 ids of sweeps')
      .transform((text) => text.split(',')),
  }),
  form: plain<RemovalData>('Removal'),
  takes: 'long',
  inFile: (file) => file.lacks('the other sweeps of the farm'),
})

import { submissionOf } from '@driftfarm/database'
import type { Answering } from '../answering.ts'

export const origins: Answering<'origins'> = async ({ database }, { sweep }) => {
  const { spec, kernel, submittedAt } = await submissionOf(database, sweep)
  return { spec, kernel, submittedAt: submittedAt.toISOString() }
}

import { submissionOf } from '@driftfarm/database'
import type { Answering } from '../answering.ts'

export const origins: Answering<'origins'> = async ({ database }, { sweep }) => {
  const { spec, kernel, submittedAt, demand } = await submissionOf(database, sweep)
  const { contrasts, observe, until, record } = demand
  return {
    spec,
    kernel,
    submittedAt: submittedAt.toISOString(),
    requests: {
      contrasts: contrasts.length > 0,
      observe: observe !== undefined,
      threshold: until?.threshold !== undefined,
      recorded: { all: 1, none: 0, events: undefined, sample: 'share' in record ? record.share : 0 }[record.kind],
    },
  }
}

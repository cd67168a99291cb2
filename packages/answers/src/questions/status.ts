import { sweepStatus } from '@driftfarm/database'
import { type Answering, standing } from '../answering.ts'

export const status: Answering<'status'> = async (context, { sweep }) =>
  standing(await sweepStatus(context.database, sweep), context)

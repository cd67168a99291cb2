import { recentWork } from '@driftfarm/database'
import type { Answering } from '../answering.ts'

/** The length of the period and of each bin, in seconds. This gives 120 bins, as many as a narrow chart can show. */
const seconds = 600
const binSeconds = 5

export const recent: Answering<'recent'> = ({ database }, { sweep = null }) =>
  recentWork(database, { seconds, binSeconds, sweepId: sweep })

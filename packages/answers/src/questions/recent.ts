import { recentWork } from '@driftfarm/database'
import type { Answering } from '../answering.ts'

export const recent: Answering<'recent'> = ({ database }, { sweep = null }) => recentWork(database, sweep)

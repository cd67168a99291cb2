import { failureCauses } from '@driftfarm/database'
import type { Answering } from '../answering.ts'

export const failures: Answering<'failures'> = ({ database }, { sweep }) => failureCauses(database, sweep)

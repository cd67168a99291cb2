import { lostWith } from '@driftfarm/database'
import type { Answering } from '../answering.ts'

export const removal: Answering<'removal'> = ({ database }, { sweeps }) => lostWith(database, sweeps)

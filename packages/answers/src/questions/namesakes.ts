import { namesakes as storedNamesakes } from '@driftfarm/database'
import type { Answering } from '../answering.ts'

export const namesakes: Answering<'namesakes'> = ({ database }, { sweep }) => storedNamesakes(database, sweep)

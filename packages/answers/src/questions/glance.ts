import { glanceOf } from '@driftfarm/database'
import type { Answering } from '../answering.ts'

export const glance: Answering<'glance'> = ({ database }, { sweep }) => glanceOf(database, sweep)

import type { Answering } from '../answering.ts'
import { pathsOf } from './paths.ts'

export const trajectory: Answering<'trajectory'> = (context, { sweep, cell, trial }) =>
  pathsOf(context, sweep, cell, [trial])

import { processSurroundings } from '../../processSurroundings.ts'
import { attempt } from '../../runCommand.ts'
import { createShell } from '../../shell.ts'
import type { RunOptions } from '../run.ts'
import { run } from './run.ts'

/** What the process of a detached run is sent. */
export interface BackgroundRun {
  readonly path: string
  readonly options: RunOptions
}

const shell = createShell(processSurroundings())
process.once('message', async (message) => {
  const { path, options } = message as BackgroundRun
  process.exitCode = await attempt(shell, true, () => run(shell, path, options))
})

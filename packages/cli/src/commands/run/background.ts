import { attempt } from '../../attempt.ts'
import { processSurroundings } from '../../processSurroundings.ts'
import { createShell } from '../../shell.ts'
import type { BackgroundRun } from './detach.ts'
import { run } from './run.ts'

const shell = createShell(processSurroundings())
process.once('message', async (message) => {
  const { path, options } = message as BackgroundRun
  process.exitCode = await attempt(shell, true, () => run(shell, path, options))
})

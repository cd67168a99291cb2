import { attempt } from '../../attempt.ts'
import { processShellOptions } from '../../processShellOptions.ts'
import { createShell } from '../../shell.ts'
import type { BackgroundRun } from './detach.ts'
import { run } from './run.ts'

const shell = createShell(processShellOptions())
process.once('message', async (message) => {
  const { path, options } = message as BackgroundRun
  process.exitCode = await attempt(shell, true, () => run(shell, path, options))
})

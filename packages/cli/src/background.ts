import { runSweep } from './commands/run.ts'
import { attempt } from './failure.ts'
import { processShellOptions } from './processShellOptions.ts'
import { withProgressLine } from './progress.ts'
import type { BackgroundRun } from './run/detach.ts'
import { createShell } from './shell.ts'

const shell = createShell(processShellOptions())
process.once('message', async (message) => {
  const { path, options } = message as BackgroundRun
  process.exitCode = await attempt(shell, true, () =>
    runSweep({ ...withProgressLine(shell, options.progress), quiet: true }, path, options),
  )
})

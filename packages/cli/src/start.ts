import { processShellOptions } from './processShellOptions.ts'
import { runCommand } from './runCommand.ts'

void runCommand(process.argv.slice(2), processShellOptions()).then((exit) => {
  process.exitCode = exit
})

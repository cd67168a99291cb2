import { processShellOptions } from './processShellOptions.ts'
import { runCommand } from './runCommand.ts'

// Without `await`: the bundle of the program is a script, which cannot wait at its top level.
void runCommand(process.argv.slice(2), processShellOptions()).then((exit) => {
  process.exitCode = exit
})

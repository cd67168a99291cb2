// The part of the program that prints completions. A bundle of its own loads in a moment.
import { processShellOptions } from './processShellOptions.ts'
import { runCommand } from './runCommand.ts'

process.exitCode = await runCommand(process.argv.slice(2), processShellOptions())

import { setFlagsFromString } from 'node:v8'
import { processSurroundings } from './processSurroundings.ts'
import { runCommand } from './runCommand.ts'

// Between two collections the heap may grow by so many per cent. By default it is let grow up to fourfold, which takes
// a fifth more memory in a worker and an eighth of what a run of many cells needs, and no less time.
setFlagsFromString('--heap-growing-percent=60')

process.exitCode = await runCommand(process.argv.slice(2), processSurroundings())

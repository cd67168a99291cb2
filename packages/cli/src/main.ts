import { setFlagsFromString } from 'node:v8'
import { processSurroundings } from './processSurroundings.ts'
import { runCommand } from './runCommand.ts'

// Between two collections the heap may grow by so many per cent. By default it is let grow up to fourfold, which takes
// a tenth to a third more memory, and no less time (`npm run bench sweeps`).
setFlagsFromString('--heap-growing-percent=60')

process.exitCode = await runCommand(process.argv.slice(2), processSurroundings())

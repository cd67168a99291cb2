import { failureOf, printFailure } from './failure.ts'
import { createProgram } from './program.ts'
import { standingLine } from './standingLine.ts'

// A reader that goes away (head, less) ends the command quietly, as it ends cat.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

try {
  await createProgram().parseAsync(process.argv)
} catch (error) {
  const failure = failureOf(error)
  standingLine.clear()
  printFailure(failure, process.argv.includes('--json'))
  process.exitCode = failure.exit
}

import { commands } from './commands.generated.ts'
import { complete } from './completion/candidates.ts'
import { withAccess, withSecretFiles } from './environment.ts'
import { attempt, exitCodes } from './failure.ts'
import { processShellOptions } from './processShellOptions.ts'
import { createShell } from './shell.ts'

const shell = createShell(processShellOptions())
const [first, ...words] = process.argv.slice(3)
process.exitCode = await attempt(shell, false, async () => {
  const env = await withAccess(withSecretFiles(shell.env), shell.cwd)
  await complete({ ...shell, env }, first === '--' || first === undefined ? words : [first, ...words], commands)
  return exitCodes.done
})

export { commands } from './commands/index.ts'
export { flagsOf } from './program.ts'
export { runCommand } from './runCommand.ts'
export type { Surroundings } from './shell.ts'

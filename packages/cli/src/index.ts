export { createProgram } from './program.ts'
export { runCommand } from './runCommand.ts'
export type { Shell, Surroundings } from './shell.ts'

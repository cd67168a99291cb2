import { Command, Option as CommanderOption } from 'commander'
import type { Declaration } from './command.ts'
import { commands, groups } from './commands/index.ts'
import { CommandUsage, exitCodes } from './failure.ts'
import type { Option } from './options/option.ts'
import type { Progress, Shell } from './shell.ts'
import { version } from './version.ts'

/** `onExit` gets the exit code of the command that ran. */
export function createProgram(shell: Shell, onExit: (exit: number) => void): Command {
  const program = new Command('driftfarm')
    .description(
      'How likely is Stochastic Drift Gradient (gradient descent with injected noise, "drift") to escape a minimum? ' +
        'Millions of seeded trials, with exact confidence intervals.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void shell.stdout.write(text),
      writeErr: () => undefined,
      getOutHelpWidth: () => (shell.stdout.isTTY ? (shell.stdout.columns ?? 80) : 80),
    })
    .showSuggestionAfterError(true)
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText(
      'after',
      '\nSWEEP is a name, an id or a unique prefix of an id. Without DATABASE_URL, data is stored in the folder ' +
        'that DRIFTFARM_HOME names. If DRIFTFARM_HOME is not set, the folder is .driftfarm in the project or, ' +
        'outside a project, your user data folder.',
    )
  const groupOf = (name: string): Command =>
    program.commands.find((group) => group.name() === name) ?? program.command(name).description(groups[name] ?? '')
  for (const declaration of commands) {
    const [first = '', second] = declaration.name.split(' ')
    const parent = second === undefined ? program : groupOf(first)
    const act = async (...given: unknown[]): Promise<void> => {
      const { progress = 'auto' } = given[declaration.arguments.length] as { readonly progress?: Progress }
      if (declaration.begins && progress === 'auto') shell.line.show(declaration.begins(...(given as string[])))
      // Commander passes itself as an additional argument after the options.
      onExit((await declaration.act(shell, ...given.slice(0, declaration.arguments.length + 1))) ?? exitCodes.done)
    }
    describe(parent.command([second ?? first, ...declaration.arguments].join(' ')), declaration).action(act)
  }
  program
    .command('complete [words...]', { hidden: true })
    .allowUnknownOption()
    .action(async (words: readonly string[]) => {
      await (await import('./commands/completion/completion.ts')).complete(shell, words)
      onExit(exitCodes.done)
    })
  return program
}

function describe(command: Command, { name, summary, options, examples }: Declaration): Command {
  command.description(summary).exitOverride((error) => {
    throw new CommandUsage(error, name)
  })
  for (const [name, option] of Object.entries(options)) command.addOption(commanderOption(name, option))
  if (examples.length > 0)
    command.addHelpText('after', ['', 'Examples:', ...examples.map((text) => `  driftfarm ${text}`)].join('\n'))
  return command
}

/** How an option is written, such as `-o, --output <file>`. */
export function flagsOf(name: string, { letter, negated, value }: Option<unknown>): string {
  const short = letter === undefined ? '' : `-${letter}, `
  const long = name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)
  return `${short}--${negated ? 'no-' : ''}${long}${value === null ? '' : ` ${value}`}`
}

function commanderOption(name: string, option: Option<unknown>): CommanderOption {
  const { help, value, initial, required, choices, conflicts } = option
  const made = new CommanderOption(flagsOf(name, option), help)
  if (initial !== undefined) made.default(initial)
  if (required) made.makeOptionMandatory()
  if (conflicts !== undefined) made.conflicts(conflicts)
  if (choices !== undefined) made.choices(choices)
  else if (value !== null) made.argParser(option.read.bind(option))
  return made
}

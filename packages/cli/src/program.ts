import { setImmediate as nextTurn } from 'node:timers/promises'
import { Command as CommanderCommand, Option as CommanderOption } from 'commander'
import { type Description, declarationsIn, groups, helpGroups, type ListedCommand } from './command.ts'
import { commands } from './commands.generated.ts'
import { earlyServer } from './earlyServer.ts'
import { CommandUsage, exitCodes } from './failure.ts'
import { type DescribedOption, flagsOf, type Option } from './options/option.ts'
import type { Progress, Shell } from './shell.ts'
import { version } from './version.ts'

/**
 * Parses the words of a command line and runs the command. `onExit` gets its exit code. The words are parsed twice:
 * first by the descriptions of all commands, for help and most error messages, and then by the declaration of the
 * command that was called, which also reads the values of options.
 */
export async function runProgram(
  shell: Shell,
  words: readonly string[],
  onExit: (exit: number) => void,
): Promise<void> {
  const found: { called?: ListedCommand; given?: readonly unknown[] } = {}
  const program = createProgram(shell, commands, (called, given) => {
    Object.assign(found, { called, given })
  })
  await program.parseAsync([...words], { from: 'user' })
  const { called, given = [] } = found
  if (called === undefined) return
  const { progress = 'auto' } = given[called.arguments.length] as { readonly progress?: Progress }
  if (called.begins !== undefined && progress === 'auto')
    shell.line.show(called.begins.replace('<spec>', () => String(given[0])))
  // The code that shows progress is loaded only for a command that runs.
  const shown = progress === 'auto' ? shell : (await import('./progress.ts')).withProgressLine(shell, progress)
  const server = earlyServer(shell, called, given)
  // The server starts in another process while this one loads the command's code.
  if (server !== null) await nextTurn()
  try {
    const declared = declarationsIn(await called.load()).find(({ name }) => name === called.name)!
    await createProgram(shell, [declared], async (_, read) => {
      const { json = false } = read.at(-1) as { readonly json?: boolean }
      onExit((await declared.act({ ...shown, server, quiet: json }, ...read)) ?? exitCodes.done)
    }).parseAsync([...words], { from: 'user' })
  } finally {
    await server?.close()
  }
}

/** `call` gets the command that the words name, its arguments and, last, its options. */
function createProgram<Command extends Description>(
  shell: Shell,
  described: readonly Command[],
  call: (command: Command, given: readonly unknown[]) => void | Promise<void>,
): CommanderCommand {
  const program = new CommanderCommand('driftfarm')
    .description(
      'How likely is Stochastic Drift Gradient (gradient descent with injected noise, "drift") to escape a minimum? ' +
        'Millions of seeded trials, with exact confidence intervals.\n\nFirst steps:\n' +
        '  driftfarm example double-well -o spec.yaml   write a first spec\n' +
        '  driftfarm run spec.yaml                      compute it and print the results\n' +
        '  driftfarm up                                 serve the page on port 8080',
    )
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void shell.stdout.write(text),
      writeErr: () => undefined,
      getOutHelpWidth: () => (shell.stdout.isTTY ? (shell.stdout.columns ?? 80) : 80),
    })
    .showSuggestionAfterError(true)
    .commandsGroup(headingOf(''))
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText(
      'after',
      '\nSWEEP is a name, an id or a unique prefix of an id. Without DATABASE_URL, data is stored in the folder ' +
        'that DRIFTFARM_HOME names. If DRIFTFARM_HOME is not set, the folder is .driftfarm in the project or, ' +
        'outside a project, your user data folder.',
    )
  const groupOf = (name: string): CommanderCommand =>
    program.commands.find((group) => group.name() === name) ?? program.command(name).description(groups[name] ?? '')
  for (const each of described) {
    const [first = '', second] = each.name.split(' ')
    program.commandsGroup(headingOf(each.name))
    const parent = second === undefined ? program : groupOf(first)
    // Commander passes itself as an additional argument after the options.
    describe(parent.command([second ?? first, ...each.arguments].join(' ')), each).action((...given: unknown[]) =>
      call(each, given.slice(0, each.arguments.length + 1)),
    )
  }
  return program
}

/** The heading in the help under which a command is listed; other commands are under the last heading. */
function headingOf(name: string): string {
  const headings = Object.keys(helpGroups)
  return `${headings.find((heading) => helpGroups[heading]!.includes(name)) ?? headings.at(-1)}:`
}

function describe(command: CommanderCommand, { name, summary, options, examples }: Description): CommanderCommand {
  command.description(summary).exitOverride((error) => {
    throw new CommandUsage(error, name)
  })
  for (const [name, option] of Object.entries(options)) command.addOption(commanderOption(name, option))
  if (examples.length > 0)
    command.addHelpText('after', ['', 'Examples:', ...examples.map((text) => `  driftfarm ${text}`)].join('\n'))
  return command
}

function commanderOption(name: string, option: DescribedOption | Option<unknown>): CommanderOption {
  const { help, value, initial, required, choices } = option
  const made = new CommanderOption(flagsOf(name, option), help)
  if (initial !== undefined) made.default(initial)
  if (required) made.makeOptionMandatory()
  if (choices !== undefined) made.choices(choices)
  else if (value !== null && 'read' in option) made.argParser(option.read.bind(option))
  return made
}

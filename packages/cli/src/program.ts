import { PassThrough } from 'node:stream'
import { Command, InvalidArgumentError, Option } from 'commander'
import { CliError, exitCodes } from './failure.ts'
import { createShell, type Shell } from './shell.ts'

/**
 * The whole command line. Commands load their code when they are called, so that help and errors are instant. Without a
 * shell it is to be read and not to be run.
 */
export function createProgram(shell: Shell = nowhere(), onExit: (exit: number) => void = () => undefined): Command {
  // Before its code is loaded, which takes a moment: whoever waits sees that something is being done.
  const atOnce = (text: string): void => shell.line.show(text)
  const act =
    // biome-ignore lint/suspicious/noExplicitAny: as Commander hands them over
      (work: (...given: any[]) => Promise<number | undefined> | Promise<void>) =>
      // biome-ignore lint/suspicious/noExplicitAny: as Commander hands them over
      async (...given: any[]) =>
        onExit((await work(...given)) ?? exitCodes.done)
  const program = new Command('driftfarm')
    .description(
      'With which probability does Stochastic Drift Gradient escape a minimum? Seeded trials by the million, with exact intervals.',
    )
    .version('0.1.0')
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
      '\nSWEEP is a name, an id or a unique prefix of one. Without DATABASE_URL all data is in .driftfarm (or DRIFTFARM_HOME).',
    )

  const sub = (name: string, description: string) => program.command(name).description(description)
  const json = () => new Option('--json', 'print one JSON document')

  sub('run <spec>', 'plan, compute, wait and print the results')
    .option('--set <path=value>', 'change a value of the spec (may be repeated)', collectSetting, [])
    .option('--trials <n>', 'trials a cell, instead of the spec’s', wholeNumber)
    .option('--threads <n>', 'threads that compute (default: all cores)', threadCount)
    .option('--batch <n>', 'trials a batch (default: what takes one to two seconds)', wholeNumber)
    .addOption(
      new Option('--engine <name>', 'what computes the trials; both give the same bits')
        .choices(['wasm', 'reference'])
        .default('wasm'),
    )
    .option('--detach', 'leave it running in the background')
    .option('--timeout <duration>', 'stop waiting after this long, e.g. 90s, 10m, 2h', duration)
    .option('--accept <check>', 'exit with 0 although this check calls numbers wrong (may be repeated)', collect, [])
    .addOption(json())
    .action(
      act(async (spec, options) => {
        atOnce(`reading ${spec}`)
        return (await import('./commands/run.ts')).run(shell, spec, options)
      }),
    )

  sub(
    'plan <spec>',
    'what a run would do: cells, trials, batches, time. Stores nothing; a pilot of a few trials tells the time',
  )
    .option('--set <path=value>', 'change a value of the spec (may be repeated)', collectSetting, [])
    .option('--trials <n>', 'trials a cell, instead of the spec’s', wholeNumber)
    .option('--width <w>', 'give two of width, confidence and trials, get the third: high - low of an interval', share)
    .option('--relative <r>', 'a width by its share of the probability: (high - low)/2 <= r p', positive)
    .option('--confidence <c>', 'of an interval, e.g. 0.95', share)
    .option('--probability <p>', 'a guess of the probability (default: that of stored trials, else 0.5)', probability)
    .option('--no-pilot', 'compute no trial at all; times and the method are then not known')
    .addOption(json())
    .action(
      act(async (spec, options) => {
        atOnce(`reading ${spec}`)
        return (await import('./commands/plan.ts')).plan(shell, spec, options)
      }),
    )

  sub('up', 'database, coordinator and worker on this machine, until Ctrl-C')
    .option('--threads <n>', 'threads that compute (default: all cores)', threadCount)
    .action(act(async (options) => (await import('./commands/serve.ts')).serve(shell, 'up', options)))
  sub('coordinator', 'the part that plans, feeds and decides, until Ctrl-C')
    .option('--batch <n>', 'trials a batch (default: what takes one to two seconds)', wholeNumber)
    .action(act(async (options) => (await import('./commands/serve.ts')).serve(shell, 'coordinator', options)))
  sub('worker', 'compute batches of any sweep, until Ctrl-C')
    .option('--threads <n>', 'threads that compute (default: all cores)', threadCount)
    .addOption(
      new Option('--engine <name>', 'what computes the trials; both give the same bits')
        .choices(['wasm', 'reference'])
        .default('wasm'),
    )
    .action(act(async (options) => (await import('./commands/serve.ts')).serve(shell, 'worker', options)))

  sub('list', 'all sweeps, newest first')
    .addOption(json())
    .action(act(async (options) => (await import('./commands/list.ts')).list(shell, options)))
  sub('status [sweep]', 'how far a sweep is; without a name, all sweeps')
    .addOption(json())
    .action(act(async (sweep, options) => (await import('./commands/status.ts')).status(shell, sweep, options)))
  sub('watch <sweep>', 'follow a sweep until it ends')
    .option('--timeout <duration>', 'stop watching after this long, e.g. 90s, 10m, 2h', duration)
    .addOption(json())
    .action(
      act(async (sweep, options) => {
        atOnce('opening the database')
        return (await import('./commands/watch.ts')).watch(shell, sweep, options)
      }),
    )

  const controls = {
    pause: 'start nothing new of a sweep; resume goes on',
    resume: 'go on with a paused sweep',
    stop: 'let running batches end, then stop for good (until it is run again)',
    cancel: 'end running batches too; finished trials stay',
    retry: 'compute failed batches again',
  } as const
  for (const [verb, description] of Object.entries(controls))
    sub(`${verb} <sweep>`, description)
      .addOption(json())
      .action(
        act(async (sweep, options) =>
          (await import('./commands/control.ts')).controlSweep(shell, verb as keyof typeof controls, sweep, options),
        ),
      )
  sub('extend <sweep>', 'ask for more trials a cell')
    .requiredOption('--trials <n>', 'trials a cell', wholeNumber)
    .addOption(json())
    .action(act(async (sweep, options) => (await import('./commands/control.ts')).extend(shell, sweep, options)))
  sub('rm <sweep>', 'remove a sweep, and its cells that no other sweep holds')
    .addOption(json())
    .action(act(async (sweep, options) => (await import('./commands/control.ts')).remove(shell, sweep, options)))

  sub('results <sweep>', 'estimates of every cell, or one record a trial')
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json', 'jsonl', 'csv']))
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .addOption(new Option('--rows', 'one record a kept trial or replica').conflicts('curve'))
    .option('--curve', 'the share of trials that had escaped, step by step')
    .option('--fit <formula>', 'a line through the cells instead, e.g. "log(escapeRate) ~ 1/T" (table or json)')
    .addOption(
      new Option(
        '--method <method>',
        'with --fit: over the cells of this method (default: direct where there are any)',
      ).choices(['direct', 'splitting', 'tilt']),
    )
    .option('--contrasts', 'the contrasts of the spec alone')
    .option(
      '--best <estimate>',
      'the cell in which an estimate is largest, with an interval that allows for the choice',
    )
    .option('--max', 'with --best: the largest (default)')
    .option('--min', 'with --best: the smallest')
    .addOption(json())
    .action(act(async (sweep, options) => (await import('./commands/results.ts')).results(shell, sweep, options)))
  sub('sql <query>', 'ask the results database; it can only be read')
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json', 'jsonl', 'csv']))
    .addOption(json())
    .action(act(async (query, options) => (await import('./commands/sql.ts')).sql(shell, query, options)))
  sub('replay <sweep> <cell> <trial>', 'compute one trial, or replica, again and compare it bit for bit')
    .option('--trajectory <file>', 'write n, theta, loss, gradient norm and events of every step (.csv or .jsonl)')
    .option('--control', 'a trial of its control instead: the cell without its noise')
    .addOption(json())
    .action(
      act(async (sweep, cell, trial, options) =>
        (await import('./commands/replay.ts')).replay(shell, sweep, cell, trial, options),
      ),
    )
  sub('verify <sweep>', 'prove the invariants of a sweep and compute a sample of it, and what its cells rest on, again')
    .option('--full', 'compute every trial again by the slow reference')
    .addOption(json())
    .action(act(async (sweep, options) => (await import('./commands/verify.ts')).verify(shell, sweep, options)))

  sub('landscapes [name]', 'the preset landscapes, or one with its gradient, its minima and a picture')
    .option('--svg <file>', 'draw the landscape into a file')
    .addOption(json())
    .action(act(async (name, options) => (await import('./commands/landscapes.ts')).landscapes(shell, name, options)))
  sub('minima <spec>', 'the minima that noise-free descent from the starts of a spec finds, ready to be pasted')
    .option('--set <path=value>', 'change a value of the spec (may be repeated)', collectSetting, [])
    .option('--trials <n>', 'descents for each cell (default: 1000; one from a point)', wholeNumber)
    .option('--cell <index>', 'only this cell (default: every landscape with its starts once)', cellIndex)
    .option('--seed <n>', 'of the starts, instead of the spec’s')
    .option(
      '--eta <x>',
      'step size of the descents (default: that of the quench, else of the update at n = 0)',
      positive,
    )
    .option('--steps <n>', 'most steps of a descent (default: 100000)', wholeNumber)
    .option(
      '--gradient <x>',
      'a descent ends at |grad L| <= x; Newton’s method does the rest (default: 1e-6)',
      positive,
    )
    .option('-o, --output <file>', 'write the minima as YAML to a file')
    .addOption(json())
    .action(act(async (spec, options) => (await import('./commands/minima.ts')).minima(shell, spec, options)))
  sub('oracle <spec>', 'exact answers without trials, and what asymptotic laws say')
    .option('--set <path=value>', 'change a value of the spec (may be repeated)', collectSetting, [])
    .option('--cell <index>', 'only this cell (default: all, at most 100)', cellIndex)
    .addOption(json())
    .action(act(async (spec, options) => (await import('./commands/oracle.ts')).oracle(shell, spec, options)))
  sub('theorem <spec>', 'Theorem 1 for the cells of a spec: its conditions, and bounds of staying near the minimum')
    .option('--set <path=value>', 'change a value of the spec (may be repeated)', collectSetting, [])
    .option('--cell <index>', 'only this cell (default: all, at most 100)', cellIndex)
    .option('--radius <x>', 'of the ball (default: that of the escape, else the best)', positive)
    .addOption(json())
    .action(act(async (spec, options) => (await import('./commands/theorem.ts')).theorem(shell, spec, options)))
  sub('doctor', 'check this machine, the database and the queue')
    .addOption(json())
    .action(
      act(async (options) => {
        atOnce('looking at this machine')
        return (await import('./commands/doctor.ts')).doctor(shell, options)
      }),
    )
  const db = sub('db', 'the results database')
  const dbSub = (name: string, description: string) => db.command(name).description(description)
  dbSub('migrate', 'bring the tables of database and queue up to date').action(
    act(async () => (await import('./commands/db.ts')).migrateDatabase(shell)),
  )
  dbSub('status', 'version, migrations, size')
    .addOption(json())
    .action(act(async (options) => (await import('./commands/db.ts')).databaseStatus(shell, options)))
  dbSub(
    'url',
    'the address for psql, DuckDB and pandas; it may only read. An embedded server runs only while something uses it: see --keep',
  )
    .option('--keep', 'keep the embedded server up until Ctrl-C')
    .action(act(async (options) => (await import('./commands/db.ts')).databaseUrl(shell, options)))
  dbSub('dump', 'the whole database as SQL')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .action(act(async (options) => (await import('./commands/db.ts')).dump(shell, options)))

  // Known to the contract, and still to come.
  for (const verb of ['compare', 'report', 'bench', 'completion'])
    program
      .command(verb, { hidden: true })
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        throw new CliError('NOT_YET_BUILT', `not yet built: driftfarm ${verb}`, '`driftfarm --help` lists what is')
      })

  return program
}

function nowhere(): Shell {
  const sink = new PassThrough().resume()
  return createShell({ stdout: sink, stderr: sink, env: {}, cwd: '/' })
}

function wholeNumber(text: string): number {
  // 1e6 is how people write a million.
  const value = Number(text)
  if (!/^\d+(\.\d+)?(e\+?\d+)?$/i.test(text) || !Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError(`'${text}' is not a whole number from 1 to 9007199254740991.`)
  return value
}

/** More threads than this are a slip: each has a kernel of its own. */
const mostThreads = 1024

function cellIndex(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError(`'${text}' is not the index of a cell.`)
  return Number(text)
}

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError(`'${text}' is not a positive number.`)
  return value
}

function share(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError(`'${text}' is not a number between 0 and 1.`)
  return value
}

function probability(text: string): number {
  const value = Number(text)
  if (!(value >= 0 && value <= 1) || text.trim() === '')
    throw new InvalidArgumentError(`'${text}' is not a number from 0 to 1.`)
  return value
}

function threadCount(text: string): number {
  const threads = wholeNumber(text)
  if (threads > mostThreads) throw new InvalidArgumentError(`'${text}' is more than ${mostThreads} threads.`)
  return threads
}

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text]

function collectSetting(text: string, settings: (readonly [string, string])[]): (readonly [string, string])[] {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError(`'${text}' is not of the form path=value, e.g. --set update.eta=0.05`)
  return [...settings, [text.slice(0, at), text.slice(at + 1)]]
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
/** What a timer of Node can wait for: 2^31 - 1 ms. */
const longestWaitMs = 2_147_483_647

/** Milliseconds. */
function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text)
  if (match === null) throw new InvalidArgumentError(`'${text}' is not a duration such as 500ms, 90s, 10m or 2h.`)
  const ms = Number(match[1]) * (unitMs[match[2] ?? 's'] ?? 1000)
  if (ms > longestWaitMs) throw new InvalidArgumentError(`'${text}' is longer than 24 days.`)
  return ms
}

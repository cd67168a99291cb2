import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { driftfarm, root } from '@driftfarm/testing/command'
import { parse, stringify } from 'yaml'
import { put } from './checkout.ts'
import type { BookFarm } from './farm.ts'
import type { Provided } from './needs.ts'
import { type Block, isShown, wordsOf } from './page.ts'

/** Where the blocks of a page run: an empty folder, and the data of their own farm. */
export interface Place {
  readonly folder: string
  readonly home: string
  /** The farm of pages that suppose one. */
  readonly farm: BookFarm | null
}

/** With what the environment of commands has beside that of a user who has set nothing. */
interface PlaceWithEnv extends Place {
  readonly env?: Readonly<Record<string, string>>
}

/** A command that ended with another exit code than 0. */
interface Failed {
  readonly stdout: string
  /** For people. */
  readonly wrong: string
}

/** What is wrong with a block as it stands on its page; null where nothing is. */
export async function trouble(block: Block, place: Place, given: Provided): Promise<string | null> {
  const { file, language, text } = block
  if (block.put !== null) return put(place.folder, block.put)
  if (file !== null) {
    const path = join(place.folder, file.name)
    if (file.part === 'keys') {
      if (!existsSync(path)) return `there is no ${file.name} to continue`
      writeFileSync(path, stringify({ ...parse(readFileSync(path, 'utf8')), ...parse(text) }))
    } else {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, `${text}\n`)
    }
    return null
  }
  if (language === 'yaml') return 'a block of YAML names its file in its first line'
  const printed = await outputOf(block, place, given)
  if (block.needs?.includes('to fail')) {
    if (printed === null || typeof printed === 'string') return 'does not fail'
    return block.shown === null || isShown(block.shown, printed.stdout) ? null : printed.wrong
  }
  if (printed === null) return null
  if (typeof printed !== 'string') return printed.wrong
  if (block.shown !== null && !isShown(block.shown, printed)) return `prints\n${printed}\ninstead of\n${block.shown}`
  return null
}

/** What a block prints; one that needs a farm with the address and the settings of this one. */
async function outputOf(block: Block, place: Place, given: Provided): Promise<string | Failed | null> {
  const { farm } = place
  const needs = block.needs?.split(', ') ?? []
  const isNew = needs.includes('a new server')
  if (farm === null || !(isNew || needs.includes('a farm'))) return output(block, place, given)
  let { text } = block
  for (const [printed, here] of farm.ports) text = text.replaceAll(printed, here)
  return output({ ...block, text }, { ...place, env: isNew ? await farm.newServer() : farm.env }, given)
}

async function output(
  { language, text }: Block,
  place: PlaceWithEnv,
  { python }: Provided,
): Promise<string | Failed | null> {
  if (language === 'sql') return command(['sql', text], place)
  if (language === 'sh') return shell(text, place)
  if (language === 'python') {
    const file = join(place.folder, 'block.py')
    writeFileSync(file, text)
    return program(python, [file], place)
  }
  return null
}

async function command(words: readonly string[], { folder, home, env = {} }: PlaceWithEnv): Promise<string | Failed> {
  const { code, stdout, stderr } = await driftfarm(words, { home, cwd: folder, env })
  return code === 0 ? stdout : { stdout, wrong: `driftfarm ${words.join(' ')} ends with ${code}:\n${stderr}${stdout}` }
}

/** The words of each command; null where they need a shell. */
export function commandsOf(text: string): readonly (readonly string[])[] | null {
  const lines = text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*#/.test(line))
  const commands = lines.flatMap((line) => {
    const [name, ...words] = wordsOf(line) ?? []
    return name === 'driftfarm' ? [words] : []
  })
  return commands.length === lines.length ? commands : null
}

/** Commands that are words alone run in this process; anything else is left to a shell. */
async function shell(text: string, place: PlaceWithEnv): Promise<string | Failed> {
  const commands = commandsOf(text)
  if (commands === null) return program('bash', ['-euo', 'pipefail', '-c', text], place)
  let printed = ''
  for (const words of commands) {
    const one = await command(words, place)
    if (typeof one !== 'string') return one
    printed += one
  }
  return printed
}

async function program(
  name: string,
  words: readonly string[],
  { folder, home, env: more }: PlaceWithEnv,
): Promise<string | Failed> {
  const bin = join(home, 'bin')
  if (!existsSync(bin)) {
    mkdirSync(bin, { recursive: true })
    const line = `exec '${process.execPath}' '${join(root, 'packages/cli/bin/driftfarm.js')}' "$@"`
    writeFileSync(join(bin, 'driftfarm'), `#!/bin/sh\n${line}\n`, { mode: 0o755 })
  }
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    DRIFTFARM_HOME: home,
    NO_COLOR: '1',
    MPLBACKEND: 'agg',
  }
  for (const key of ['DATABASE_URL', 'REDIS_URL', 'DRIFTFARM_URL', 'DRIFTFARM_TOKEN'])
    delete env[key as keyof typeof env]
  Object.assign(env, more)
  // A test that a block runs is one of its own.
  for (const key of Object.keys(env)) if (/^(CI$|VITEST|DRIFTFARM_TEST)/.test(key)) delete env[key as keyof typeof env]
  // Without waiting for it in one call: vitest takes a thread that does not answer for a minute for dead.
  return new Promise((resolve) => {
    execFile(name, words, { cwd: folder, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve(error === null ? stdout : { stdout, wrong: `${name} ends with ${error.code}:\n${stderr}${stdout}` })
    })
  })
}

import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TestOptions } from 'vitest'
import table from './programs.json' with { type: 'json' }

export type ProgramName = keyof typeof table

interface Program {
  readonly names: readonly string[]
  /** Modules that the Python on PATH must be able to import. */
  readonly module?: string
  readonly debian?: string
}
const programs: Readonly<Record<ProgramName, Program>> = table

type Need = ProgramName | 'root' | 'linux'

declare module 'vitest' {
  interface TaskMeta {
    /**
     * What a test needs besides Node: programs, root or Linux. `infra/counts.mjs` reads this field and `missing`.
     */
    readonly requiresPrograms?: readonly string[]
    /** The needs that are not met on this machine. */
    readonly missing?: readonly string[]
  }
}

/**
 * The options of a test or a `describe` that needs programs, root or Linux. If a need is not met, the tests are
 * skipped. At the end, `npm test` reports what is missing, and how to install missing programs.
 */
export function needs(...names: readonly Need[]): TestOptions {
  const missing = names.filter((name) => isMissing(name))
  return { skip: missing.length > 0, meta: { requiresPrograms: names, missing } }
}

export function isMissing(name: Need): boolean {
  if (name === 'root') return process.getuid?.() !== 0
  if (name === 'linux') return process.platform !== 'linux'
  return find(name) === null
}

/** If the program is missing, throws an Error that says how to install the program. */
export function programPath(name: ProgramName): string {
  const path = find(name)
  if (path !== null) return path
  const { names, module, debian } = programs[name]
  const what = module === undefined ? `${names.join(' or ')} is not on PATH` : `no Python on PATH has ${module}`
  const installation = debian === undefined ? `pip install ${module}` : `on Debian: sudo apt-get install ${debian}`
  throw new Error(`${what}; ${installation}`)
}

function find(name: ProgramName): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter)
  // Debian puts servers into folders that are not on the PATH of an ordinary user.
  if (folders.includes('/usr/bin')) folders.push('/usr/sbin')
  const { names, module } = programs[name]
  const paths = folders.flatMap((folder) => names.map((each) => join(folder, each)))
  return paths.find((path) => isExecutable(path) && (module === undefined || imports(path, module))) ?? null
}

export function imports(python: string, module: string): boolean {
  try {
    execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@driftfarm/testing/command'
import { imports, type ProgramName, programPath } from '@driftfarm/testing/program'
import type { Block } from './page.ts'
import { commandsOf } from './run.ts'

/** Modules of Python that blocks need. */
const modules = ['pandas', 'matplotlib', 'sqlalchemy', 'psycopg', 'polars', 'duckdb'] as const
/** Programs that blocks need, by the word of the block. */
const programs: Readonly<Record<string, ProgramName>> = {
  gnuplot: 'gnuplot',
  r: 'Rscript',
  latex: 'pdflatex',
  psql: 'psql',
}
/** What is there in the slow tier, or no program. */
const given = new Set(['no pandas', 'to fail', 'a checkout', 'a farm', 'a new server'])
/** What no machine of tests has, and the installed package, whose own test runs the blocks that need it. */
const elsewhere = [
  'another machine',
  'docker',
  'kubernetes',
  'network',
  'pg_dump',
  'root',
  'slurm',
  'the package',
  'time',
] as const

/** Why a block can be run on other machines alone; undefined where it runs here. */
export const elsewhereOf = (needs: string | null): (typeof elsewhere)[number] | undefined =>
  elsewhere.find((each) => needs?.split(', ').includes(each))

/** What a block may run with: nothing beside the command where it needs nothing. */
export interface Provided {
  readonly python: string
}

const wordsOf = (needs: string | null): readonly string[] => needs?.split(', ') ?? []
const modulesOf = (needs: string | null) => modules.filter((each) => wordsOf(needs).includes(each))

/** What a block needs beside the command that a machine may lack. */
export const programsOf = ({ language, needs, put, text }: Block): readonly ProgramName[] => [
  ...(language === 'python' ? (['python3'] as const) : []),
  ...(language === 'sh' && put === null && commandsOf(text) === null ? (['bash'] as const) : []),
  ...modulesOf(needs),
  ...wordsOf(needs).flatMap((each) => programs[each] ?? []),
]

/** What `[needs ...]` of a block asks for; null where no Python on this machine has these modules and no others. */
export function provided(needs: string | null, folder: string): Provided | null {
  const imported = modulesOf(needs)
  for (const each of wordsOf(needs)) {
    if (each === 'driftfarm.py') cpSync(join(root, 'examples/python/driftfarm.py'), join(folder, each))
    else if (!(each in programs) && !given.has(each) && !imported.some((name) => name === each))
      throw new Error(`a block needs ${each}, which test/docs/book/needs.ts does not know`)
  }
  const withoutPandas = wordsOf(needs).includes('no pandas')
  const pythons = ['python3', '/usr/bin/python3', ...imported.map(programPath)]
  const fits = (python: string): boolean =>
    imported.every((name) => imports(python, name)) && !(withoutPandas && imports(python, 'pandas'))
  const python = pythons.find(fits)
  return python === undefined ? null : { python }
}

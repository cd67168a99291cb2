import { execFile } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '@driftfarm/testing/command'
import { type Program, programOrNull } from '@driftfarm/testing/program'

const run = promisify(execFile)

/** Modules of Python that blocks need, with their packages of Debian. Others are used where they are. */
const modules: Readonly<Record<string, string | null>> = {
  pandas: 'python3-pandas',
  matplotlib: 'python3-matplotlib',
  sqlalchemy: 'python3-sqlalchemy',
  psycopg: 'python3-psycopg',
  polars: null,
  duckdb: null,
}

/** Programs that blocks need, with their packages of Debian. */
const programs: Readonly<Record<string, Program>> = {
  gnuplot: { names: ['gnuplot'], package: 'gnuplot-nox' },
  r: { names: ['Rscript'], package: 'r-base-core' },
  latex: { names: ['pdflatex'], package: 'texlive-latex-recommended' },
  psql: { names: ['psql'], package: 'postgresql-client' },
}
/** What is there in the slow tier, or no program. */
const given = new Set(['no pandas', 'to fail', 'a checkout', 'a farm', 'a new server'])
/** What no machine of tests has: blocks that need it are run by nobody here. */
const elsewhere = ['another machine', 'docker', 'kubernetes', 'network', 'pg_dump', 'root', 'slurm', 'time'] as const

/** Why a block can be run on other machines alone; undefined where it runs here. */
export const elsewhereOf = (needs: string | null): (typeof elsewhere)[number] | undefined =>
  elsewhere.find((each) => needs?.split(', ').includes(each))

/** What a block may run with: nothing beside the command where it needs nothing. */
export interface Provided {
  readonly python: string
}

/**
 * What `[needs ...]` of a block asks for; null where this machine cannot be made to have it, such as a cluster. In the
 * slow tier what Debian has is installed.
 */
export async function provided(needs: string | null, folder: string, install: boolean): Promise<Provided | null> {
  const wanted = needs === null ? [] : needs.split(', ')
  const imported = wanted.filter((each) => each in modules)
  for (const each of wanted.filter((each) => !imported.includes(each))) {
    if (each === 'driftfarm.py') cpSync(join(root, 'examples/python/driftfarm.py'), join(folder, 'driftfarm.py'))
    else if (each in programs) {
      if (!install || (await programOrNull(programs[each]!)) === null) return null
    } else if (!given.has(each)) return null
  }
  const fits = async (python: string): Promise<boolean> => {
    const has = await Promise.all(imported.map((name) => imports(python, name)))
    return has.every(Boolean) && !(wanted.includes('no pandas') && (await imports(python, 'pandas')))
  }
  for (const python of pythons) if (await fits(python)) return { python }
  if (!install) return null
  for (const name of imported) {
    const debian = modules[name]
    if (debian != null && !(await imports(debianPython, name))) await getPackage(debian)
  }
  return (await fits(debianPython)) ? { python: debianPython } : null
}

const debianPython = '/usr/bin/python3'
/** The one of the PATH, and the one that has the modules which apt installs. */
const pythons = ['python3', debianPython]

const imports = (python: string, name: string): Promise<boolean> =>
  run(python, ['-c', `import ${name}`]).then(
    () => true,
    () => false,
  )

async function getPackage(name: string): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['install', '-y', '--no-install-recommends', name], { env }).catch(() =>
    process.stderr.write(`apt-get could not install ${name}\n`),
  )
}

import { existsSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

const folderName = '.driftfarm'

/** One of these names marks the top folder of a project. */
const marks = [
  '.git',
  '.hg',
  'package.json',
  'pyproject.toml',
  'setup.py',
  'requirements.txt',
  'environment.yml',
  'Project.toml',
  'renv.lock',
  'Makefile',
]

/**
 * The absolute path of the home, the folder for the embedded database and caches. The first that applies is used:
 * 1. DRIFTFARM_HOME, resolved against `cwd`;
 * 2. `.driftfarm` in the project that contains `beside`, the folder of a spec;
 * 3. `.driftfarm` in the project that contains `cwd`;
 * 4. the user's data folder.
 *
 * To find the project that contains a folder, the folder itself and then its parents are searched for a `.driftfarm` or
 * one of `marks`. The first folder that contains one is the project. The root, the temporary folder and the user's home
 * folder count as projects only if they contain a `.driftfarm`.
 */
export function homeFolder(env: Environment, cwd: string, beside: string = cwd): string {
  const given = env.DRIFTFARM_HOME?.trim()
  if (given) return resolve(cwd, given)
  const user = userFolder(env)
  return projectHome(resolve(cwd, beside), user) ?? projectHome(cwd, user) ?? dataFolder(env, user)
}

/** Whether the home contains a database. A home may also be an empty folder, or contain only compiled kernels. */
export const embeddedExists = (home: string): boolean =>
  existsSync(join(home, 'server.json')) || existsSync(join(home, 'postgres'))

function projectHome(folder: string, user: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    const home = join(at, folderName)
    if (existsSync(home)) return home
    const top = dirname(at) === at
    const isOpen = top || at === user || at === tmpdir()
    if (!isOpen && marks.some((mark) => existsSync(join(at, mark)))) return home
    if (top) return null
  }
}

const userFolder = ({ HOME, USERPROFILE }: Environment): string => HOME || USERPROFILE || homedir()

function dataFolder(env: Environment, user: string): string {
  if (process.platform === 'win32') return join(env.LOCALAPPDATA || join(user, 'AppData', 'Local'), 'driftfarm')
  if (process.platform === 'darwin') return join(user, 'Library', 'Application Support', 'driftfarm')
  return join(env.XDG_DATA_HOME || join(user, '.local', 'share'), 'driftfarm')
}

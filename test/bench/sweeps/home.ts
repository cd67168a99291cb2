import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { serverPid, temporaryFolder } from '@driftfarm/testing/folder'
import { environment, type Timed, timed } from './processes.ts'

/** A home whose embedded server runs all the while, so that its processor time can be told. */
export interface ServedHome {
  readonly folder: string
  run(arguments_: readonly string[]): Promise<Timed>
  close(): Promise<void>
}

/** Opens a home of a build of the command, which keeps the server up itself: other builds may have other tables. */
export async function openHome(build: string): Promise<ServedHome> {
  const folder = temporaryFolder('driftfarm-bench-')
  const env = environment(folder.path)
  const keeper = spawn(process.execPath, [build, 'db', 'url', '--keep'], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(keeper, 'exit')
  // It prints the address when the server is up.
  await Promise.race([
    once(keeper.stdout, 'data'),
    ended.then(() => Promise.reject(new Error(`${build} does not keep a server up`))),
  ])
  const server = serverPid(folder.path)
  return {
    folder: folder.path,
    run: (arguments_) => timed({ build, arguments_, env, folder: folder.path }, server),
    async close() {
      keeper.kill('SIGINT')
      await ended
      folder.remove()
    },
  }
}

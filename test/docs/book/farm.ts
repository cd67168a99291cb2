import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '@driftfarm/database'
import { driftfarm, type Running, root, start } from '@driftfarm/testing/command'
import { freePort } from '@driftfarm/testing/port'
import { type PrivatePostgres, startPostgres } from '@driftfarm/testing/postgres'

/** A farm on this machine, as pages suppose that there is one, and what they call its address and its data. */
export interface BookFarm {
  /** Of commands that ask the farm. */
  readonly env: Readonly<Record<string, string>>
  /** What stands in pages, and what is so here: ports are free ones. */
  readonly ports: ReadonlyMap<string, string>
  /** Another server with an empty database of a role `driftfarm`, as after a loss: what its commands are to ask. */
  newServer(): Promise<Readonly<Record<string, string>>>
  close(): Promise<void>
}

const spec = `version: 1
name: well
landscape: { preset: double-well }
start: { minimum: left }
update: { eta: 0.1, drift: { sigma: 1.5 } }
trial: { steps: 100, escape: "x >= 0" }
trials: 2000
`

/** Starts a farm of one process; `folder` gets what pages say is there, a token of it and a spec. */
export async function startFarm(folder: string, home: string): Promise<BookFarm> {
  const servers: PrivatePostgres[] = []
  const empty = async (): Promise<string> => {
    const server = await startPostgres()
    servers.push(server)
    const database = await openDatabase({ url: server.url(), max: 1 })
    await database.pool.query('create database driftfarm')
    await database.close()
    return server.url('driftfarm')
  }
  const url = await empty()
  const port = await freePort()
  const env = { DATABASE_URL: url, HOME: folder }
  const done = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await driftfarm(words, { home, env, cwd: folder })
    if (code !== 0) throw new Error(`driftfarm ${words.join(' ')}: ${stderr}`)
    return stdout
  }
  await done('db', 'migrate')
  const database = await openDatabase({ url, max: 1 })
  // As it stands in pages.
  await database.pool.query(`alter role driftfarm_reader login password 'PASSWORD'`)
  await database.close()
  const up: Running = start(['up', '--listen', `127.0.0.1:${port}`], { home, env })
  await up.says(`:${port}`)
  const token = (await done('token', 'create', 'book', '--role', 'admin')).trim().split(/\s+/).at(-1)!
  for (const name of ['token', '.driftfarm-token']) writeFileSync(join(folder, name), token, { mode: 0o600 })
  writeFileSync(join(folder, 'well.yaml'), spec)
  // Pages that hand in a spec of the reader call it so.
  copyFileSync(join(root, 'examples/double-well.yaml'), join(folder, 'my.yaml'))
  return {
    env,
    ports: new Map([
      ['127.0.0.1:8080', `127.0.0.1:${port}`],
      ['127.0.0.1:5432', new URL(url).host],
    ]),
    newServer: async () => ({ DATABASE_URL: await empty(), HOME: folder }),
    async close() {
      up.child.kill('SIGTERM')
      await up.finished
      for (const server of servers) await server.close()
    },
  }
}

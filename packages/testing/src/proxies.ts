import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { temporaryFolder } from './folder.ts'
import { programPath } from './program.ts'

// HTTP proxies of the kinds that users put in front of a farm. Each is a child process with all its files in one
// folder. (proxy.ts has a TCP proxy that disturbs connections.)

export const proxyNames = ['nginx', 'caddy', 'haproxy'] as const
export type ProxyName = (typeof proxyNames)[number]

export interface HttpProxy {
  close(): Promise<void>
}

export interface HttpProxyOptions {
  readonly name: ProxyName
  /**
   * The part of the configuration that users write: a `server` of nginx, a site of Caddy, a `frontend` and a `backend`
   * of HAProxy.
   */
  readonly config: string
  /** The loopback port on which the proxy listens according to `config`. */
  readonly port: number
  /** Whether to run the proxy as an unprivileged user, as Debian runs its services. This needs root. */
  readonly asNobody?: boolean
}

const nobody = 65_534

/**
 * Starts a proxy. The proxy stops on `close()` or when this process exits. If the proxy does not listen, throws an
 * error with the proxy's output.
 */
export async function startHttpProxy({ name, config, port, asNobody }: HttpProxyOptions): Promise<HttpProxy> {
  const folder = temporaryFolder('driftfarm-proxy-')
  const file = join(folder.path, 'config')
  await writeFile(file, surrounded[name](config, folder.path))
  if (asNobody) await chown(folder.path, nobody, nobody)
  const child = spawn(programPath(name), commands[name](file), {
    cwd: folder.path,
    env: { PATH: process.env.PATH, HOME: folder.path, XDG_DATA_HOME: folder.path, XDG_CONFIG_HOME: folder.path },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(asNobody ? { uid: nobody, gid: nobody } : {}),
  })
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  const close = async () => {
    process.off('exit', end)
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      const timer = setTimeout(end, 2_000)
      await gone
      clearTimeout(timer)
    }
    folder.remove()
  }
  try {
    await listening(child, port)
  } catch (error) {
    await close()
    throw error
  }
  return { close }
}

const commands: Readonly<Record<ProxyName, (file: string) => readonly string[]>> = {
  nginx: (file) => ['-c', file, '-e', 'stderr'],
  caddy: (file) => ['run', '--config', file, '--adapter', 'caddyfile'],
  haproxy: (file) => ['-db', '-f', file],
}

const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

/** Extends `config` to a complete configuration file with which several proxies can run side by side. */
const surrounded: Readonly<Record<ProxyName, (config: string, folder: string) => string>> = {
  // nginx runs as a single process, so that killing it leaves no workers behind.
  nginx: (config, folder) => `
daemon off;
master_process off;
pid ${folder}/pid;
events {}
http {
  access_log off;
  ${temporary.map((what) => `${what}_temp_path ${folder}/${what};`).join('\n  ')}
${config}
}
`,
  caddy: (config) => `{
  admin off
}
${config}
`,
  // Debian's default configuration has these timeouts.
  haproxy: (config) => `
defaults
  mode http
  timeout connect 5000
  timeout client 50000
  timeout server 50000
${config}
`,
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
  })
  let ended: string | null = null
  child.once('error', ({ message }) => {
    ended = message
  })
  child.once('exit', (code, signal) => {
    ended = `ended with ${code ?? signal}`
  })
  const deadline = Date.now() + 20_000
  while (!(await accepts(port))) {
    if (ended !== null) throw new Error(`${child.spawnfile} ${ended}: ${text}`)
    if (Date.now() > deadline) throw new Error(`${child.spawnfile} does not listen on port ${port}: ${text}`)
    await delay(20)
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

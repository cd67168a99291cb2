import type { Api, LogLevel } from '@driftfarm/api'
import {
  createParts,
  type FarmError,
  type PartsOptions,
  processId,
  type Session,
  type SessionOptions,
  workerConnections,
} from '@driftfarm/farm'
import { exitCodes } from '../../failure.ts'
import { onInterrupt } from '../../interrupt.ts'
import { note } from '../../output.ts'
import { withSession } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import { troubleListener } from '../../trouble.ts'
import { version } from '../../version.ts'
import { announceHome } from '../run/home.ts'

export interface ServeOptions extends Pick<PartsOptions, 'threads' | 'batch' | 'bundle' | 'engine'> {
  readonly listen?: { readonly host: string; readonly port: number }
  readonly http?: boolean
  readonly publicUrl?: URL
  readonly log?: LogLevel
  readonly connections?: number
}

/** Where the API is served unless it is said. */
const usual = { host: '127.0.0.1', port: 8080 }

/** Runs `up`, `coordinator` or `worker`, which differ in the parts that they start, until a signal. */
export async function serve(
  shell: Shell,
  kind: 'up' | 'coordinator' | 'worker',
  options: ServeOptions,
): Promise<number> {
  announceHome(shell)
  const interrupt = onInterrupt(shell)
  const body = async (session: Session): Promise<number> => {
    const { listen: _, http: __, publicUrl: ___, log: ____, connections: _____, ...computing } = options
    const id = processId(kind)
    const parts = await createParts(session, {
      ...computing,
      id,
      kind,
      onTrouble: troubleListener(shell, { tell: true }),
    })
    // Before anything is computed: an address that is taken, or not to be served, is said at once.
    const api = kind === 'worker' || options.http === false ? null : await apiOf(shell, session, kind, options)
    try {
      await parts.start()
      note(shell, `${kind} ${id} ready${parts.threads === null ? '' : `, ${parts.threads} threads`}; Ctrl-C ends it`)
      if (api !== null) {
        const url = api.url.replace(/\/$/, '')
        note(shell, `page at ${url}/`)
        note(shell, `API at ${url}/api/v1${api.words === null ? '' : ` (${api.words})`}`)
      }
      await interrupt.wait()
      note(shell, `${kind} ${id} draining`)
      await Promise.all([parts.drain(), api?.close()])
      await parts.stop()
    } finally {
      await api?.close()
    }
    note(shell, `${kind} ${id} ended`)
    return exitCodes.done
  }
  return withSession(shell, body, connectionsOf(shell, kind, options)).finally(() => interrupt.dispose())
}

/** Workers are many, so that each makes do with few connections. */
const connectionsOf = (
  { env }: Shell,
  kind: string,
  { connections }: ServeOptions,
): Pick<SessionOptions, 'connections'> =>
  kind === 'worker' ? { connections: connections ?? workerConnections({ redis: Boolean(env.REDIS_URL) }) } : {}

async function apiOf(
  shell: Shell,
  session: Session,
  kind: 'up' | 'coordinator',
  options: ServeOptions,
): Promise<Api | null> {
  const { startApi } = await import('@driftfarm/api')
  const { listen, publicUrl, log = 'silent' } = options
  try {
    return await startApi({
      session,
      ...(listen ?? usual),
      // Several farms of one machine each find a place.
      next: kind === 'up' && listen === undefined,
      publicUrl,
      tokenFile: shell.env.DRIFTFARM_ADMIN_TOKEN_FILE || undefined,
      log,
      version,
    })
  } catch (error) {
    // A second coordinator of this machine stands by; nobody asked for an API of its own.
    if (kind !== 'coordinator' || listen !== undefined || (error as FarmError).code !== 'CONFLICT') throw error
    note(shell, `no API here: ${(error as Error).message}; --listen HOST:PORT gives it another address`)
    return null
  }
}

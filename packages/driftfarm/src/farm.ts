/// <reference lib="esnext.disposable" preserve="true" />
import { remoteFarmClient } from '@driftfarm/api/client'
import { homeFolder } from '@driftfarm/database'
import { createRunner, databaseFarmClient, FarmError, openSession, type Session } from '@driftfarm/farm'
import type { RowBatch } from '@driftfarm/kernel'
import { type PlanData, rowBatches, type StatusData, type SweepListData } from '@driftfarm/report'
import { beginRun, type RunContext, resolveSpec } from './beginRun.ts'
import { iterateWithDriftfarmErrors, withDriftfarmErrors } from './driftfarmErrors.ts'
import { drawn, type FigureContent, type FigureRequest } from './figure.ts'
import { Results } from './results.ts'
import type { PlanOptions, Run, RunOptions } from './run.ts'
import type { Spec } from './sweep.ts'

interface AnyFarm {
  /** A Redis server for the queue, `redis://..`. Without it the queue is in the database. */
  readonly redisUrl?: string
  /**
   * The folder of the embedded database and of compiled kernels. The default is the same as for the command: the value
   * of DRIFTFARM_HOME. If that variable is not set, the default is `.driftfarm` in the project that contains the
   * working folder. Outside a project, it is the user's data folder.
   */
  readonly home?: string
  /**
   * Called with a line of text for each slow step (such as the first start) and each handled error (such as a lost
   * connection). By default, these lines are dropped.
   */
  readonly onNotice?: (line: string) => void
}

/** A private PostgreSQL server in the home, shared with commands that use the same home. */
export interface EmbeddedFarm extends AnyFarm {
  readonly databaseUrl?: never
  readonly url?: never
  /** Number of compute threads of this process, used only if no `driftfarm up` is running. Default: all cores. */
  readonly threads?: number
}

/** A farm with its own coordinator and workers. This process connects to the database and the queue of the farm. */
export interface DatabaseFarm extends AnyFarm {
  /** `postgres://..` */
  readonly databaseUrl: string
  readonly url?: never
  readonly threads?: never
}

/** A farm over HTTP, served by `driftfarm up` or `driftfarm coordinator`. */
export interface ServedFarm {
  /** The address of the farm without `/api`, such as `http://127.0.0.1:8080`. */
  readonly url: string
  /** The access token; required if the farm has tokens. */
  readonly token?: string
  readonly databaseUrl?: never
  readonly redisUrl?: never
  readonly home?: never
  readonly threads?: never
  readonly onNotice?: never
}

export type FarmOptions = EmbeddedFarm | DatabaseFarm | ServedFarm

/**
 * An open farm. Its methods accept the name of a sweep, its id or a unique prefix of its id, as the command line does.
 */
export interface Farm extends AsyncDisposable {
  /**
   * Stores a sweep and starts to compute its missing trials. If the sweep is already complete, nothing is computed.
   * `spec` is a typed spec, or its text in YAML or JSON. Resolves once the sweep is stored.
   */
  run(spec: Spec | string, options?: RunOptions): Promise<Run>
  /** Plans a run without storing anything. Returns the data of `driftfarm plan --json`. */
  plan(spec: Spec | string, options?: PlanOptions): Promise<PlanData>
  /** All sweeps, newest first. */
  sweeps(): Promise<SweepListData['sweeps']>
  status(sweep: string): Promise<StatusData>
  /** The results so far. They cover the requested trials of each cell, up to its first unfinished trial. */
  results(sweep: string): Promise<Results>
  /** The recorded trials of a sweep as columns, at most 65,536 at a time. */
  rows(sweep: string): AsyncIterable<RowBatch>
  figure<const Request extends FigureRequest = Record<never, never>>(
    sweep: string,
    request?: Request,
  ): Promise<FigureContent<Request>>
  /** Ends all runs and releases all resources. Finished trials stay stored; running a sweep again continues it. */
  close(): Promise<void>
}

/**
 * Opens an embedded farm, or the farm at the given addresses. Close it with `close()` or `await using`, because an open
 * farm keeps the process alive. Every error of this function and of the farm's methods is a DriftfarmError.
 */
export function farm(options: FarmOptions = {}): Promise<Farm> {
  return withDriftfarmErrors(() => openFarm(options))
}

async function openFarm(options: FarmOptions): Promise<Farm> {
  const closing = new AbortController()
  const runs = new Set<Promise<unknown>>()
  const common = { runs, closing: closing.signal }
  if (options.url !== undefined) {
    const context: RunContext = { ...common, farmClient: remoteFarmClient(options), runner: null }
    await context.farmClient.farm() // throws at once if no farm answers, or if the token is invalid
    return publicFarm(context, closing, null)
  }
  const { home, databaseUrl, redisUrl, threads, onNotice = () => undefined } = options
  const session = await openSession({
    home: homeFolder({ ...process.env, ...(home === undefined ? {} : { DRIFTFARM_HOME: home }) }, process.cwd()),
    databaseUrl,
    redisUrl,
    onNotice,
    onWarning: onNotice,
  })
  const runner = createRunner(session, {
    checksQueue: redisUrl !== undefined,
    onTrouble: ({ message }) => onNotice(message),
    ...(threads === undefined ? {} : { threads }),
  })
  return publicFarm({ ...common, farmClient: databaseFarmClient(session), runner }, closing, session)
}

function publicFarm(context: RunContext, closing: AbortController, session: Session | null): Farm {
  const { farmClient: source, runner, runs } = context
  let closed: Promise<void> | null = null
  const requireOpen = (): void => {
    if (closed !== null) throw new FarmError('CLOSED', 'this farm is closed', { hint: 'open a new one with farm()' })
  }
  const asked = <T>(work: () => Promise<T>): Promise<T> =>
    withDriftfarmErrors(() => {
      requireOpen()
      return work()
    })
  const idOf = async (sweep: string): Promise<string> => {
    requireOpen()
    return (await source.find(sweep)).id
  }
  const close = (): Promise<void> => {
    closed ??= withDriftfarmErrors(async () => {
      closing.abort(new FarmError('CLOSED', 'the farm was closed'))
      await runner?.close({ drain: runs.size > 0 })
      await Promise.all(runs)
      await session?.close()
    })
    return closed
  }
  return {
    run: (spec, given) => asked(() => beginRun(context, spec, given)),
    plan: (spec, { pilot = true, ...given } = {}) =>
      asked(async () => source.plan(resolveSpec(spec, given), { pilot })),
    sweeps: () => asked(async () => (await source.sweeps()).sweeps),
    status: (sweep) => asked(async () => source.status({ sweep: await idOf(sweep) })),
    results: (sweep) => asked(async () => new Results(await source.results(await idOf(sweep)))),
    rows: (sweep) => iterateWithDriftfarmErrors(async () => rowBatches(await source.rows(await idOf(sweep)))),
    figure: (sweep, request) => asked(async () => drawn(source, await idOf(sweep), request ?? ({} as never))),
    close,
    [Symbol.asyncDispose]: close,
  }
}

import {
  FarmError,
  identify,
  type Runner,
  readSpec,
  removedSweepError,
  requireKernel,
  type SubmittedRun,
} from '@driftfarm/farm'
import { driftfarmError } from '@driftfarm/formula'
import { type FarmClient, type ResolvedSpec, rowBatches } from '@driftfarm/report'
import { isEnded } from '@driftfarm/spec'
import { iterateWithDriftfarmErrors, withDriftfarmErrors } from './driftfarmErrors.ts'
import { drawn } from './figure.ts'
import { Results } from './results.ts'
import type { Run, RunEvent, RunOptions, SpecOptions } from './run.ts'
import type { Spec } from './sweep.ts'

export interface RunContext {
  readonly farmClient: FarmClient
  /** Computes sweeps in this process; null for a farm over HTTP. */
  readonly runner: Runner | null
  /** For each run that has not ended, a promise that resolves at the end of the run and never rejects. */
  readonly runs: Set<Promise<unknown>>
  readonly closing: AbortSignal
}

const pollMs = 200

export async function beginRun(context: RunContext, spec: Spec | string, options: RunOptions = {}): Promise<Run> {
  const { farmClient, runs, closing } = context
  const { signal: given } = options
  const signal = given === undefined ? closing : AbortSignal.any([given, closing])
  const requested = resolveSpec(spec, options)
  requireKernel(requested.sweep)
  const submitted = await submitRun(context, requested, signal)
  const { id, name, warnings, reused, computed } = submitted
  const ended = untilEnded(context, submitted, signal)
  const quiet = ended.catch(() => undefined)
  runs.add(quiet)
  void quiet.then(() => runs.delete(quiet))
  const resultsNow = async (): Promise<Results> => {
    await ended
    return new Results(await farmClient.results(id))
  }
  const standing = async function* (): AsyncGenerator<RunEvent> {
    for await (const status of farmClient.follow(id, { signal, everyMs: pollMs })) yield { type: 'status', ...status }
    const { schemaVersion, kind, data, warnings } = await resultsNow()
    yield { type: 'result', schemaVersion, kind, data, warnings }
  }
  return {
    id,
    name,
    warnings,
    reused,
    computed,
    events: () => iterateWithDriftfarmErrors(standing),
    results: () => withDriftfarmErrors(resultsNow),
    rows: () =>
      iterateWithDriftfarmErrors(async () => {
        await ended
        return rowBatches(await farmClient.rows(id))
      }),
    figure: (request) =>
      withDriftfarmErrors(async () => {
        await ended
        return drawn(farmClient, id, request ?? ({} as never))
      }),
    cancel: () =>
      withDriftfarmErrors(async () => {
        await farmClient.act(id, { do: 'cancel' })
      }),
  }
}

async function submitRun(
  { farmClient, runner }: RunContext,
  spec: ResolvedSpec,
  signal: AbortSignal,
): Promise<SubmittedRun> {
  try {
    await identify(spec.sweep, { signal })
    if (runner !== null) return await runner.submit(spec, { signal })
    const submit = () => farmClient.submit(spec, { signal })
    return { ...(await submit()), isComputedHere: false, again: submit }
  } catch (error) {
    throw signal.aborted && error === signal.reason ? interrupted(spec.sweep.name, signal) : error
  }
}

async function untilEnded(
  { farmClient, runner }: RunContext,
  submitted: SubmittedRun,
  signal: AbortSignal,
): Promise<void> {
  const { id, name, state, isComputedHere } = submitted
  const interrupt = async (reason: string): Promise<void> =>
    isComputedHere ? runner?.interrupt(id, reason) : undefined
  try {
    if (state === 'complete') return
    if (isComputedHere) await runner?.start()
    for await (const status of farmClient.follow(id, { signal, everyMs: pollMs })) {
      if (isEnded(status.state)) return
      // Another run of the same spec took over the sweep and died, so submit the sweep again.
      if (status.state === 'interrupted') await submitted.again()
    }
    await interrupt('the user interrupted the run')
    throw interrupted(name, signal)
  } catch (error) {
    if (!signal.aborted) await interrupt(driftfarmError(error).message).catch(() => undefined)
    throw removedSweepError(error, name)
  } finally {
    await runner?.detach(id)
  }
}

const interrupted = (name: string, { reason }: AbortSignal): FarmError =>
  new FarmError('INTERRUPTED', `${name} was interrupted`, {
    hint: 'finished trials stay stored; run it again to continue',
    cause: reason,
  })

/** Throws a SpecError that lists all errors of the spec. */
export function resolveSpec(
  spec: Spec | string,
  { set = {}, folder = process.cwd(), trials }: SpecOptions,
): ResolvedSpec {
  const text = typeof spec === 'string' ? spec : JSON.stringify(spec, null, 2)
  const changes = Object.entries(set).map(([path, value]) => [path, JSON.stringify(value)] as const)
  return readSpec(text, { fileName: 'spec', folder, set: changes, trials })
}

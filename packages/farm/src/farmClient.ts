import { type DatabaseSourceOptions, databaseSource } from '@driftfarm/answers'
import { type Actor, findSweep, sweepHead } from '@driftfarm/database'
import type { Action, FarmClient, PlanData, PlanRequest, ResolvedSpec, SubmitOptions } from '@driftfarm/report'
import { specLimits, sweepVerbs } from '@driftfarm/spec'
import { FarmError } from './error.ts'
import { farmMessage } from './farmMessage.ts'
import type { StoredInputs } from './plan/plan.ts'
import type { Session } from './session.ts'

export interface DeskOptions extends Pick<DatabaseSourceOptions, 'heavy' | 'keepsExact'> {
  /** Recorded as the author of changes. */
  readonly by?: Actor | undefined
  /** By default, plans are made in this thread, which takes a long time. */
  readonly planner?: Planner
}

/** Makes a plan of a spec from the stored trials and, with `pilot`, from a few new trials. */
export type Planner = (given: ResolvedSpec, known: StoredInputs, onCell: (done: number) => void) => Promise<PlanData>

const plansHere =
  (home: string): Planner =>
  async ({ sweep }, { pilot, ...known }, onCell) => {
    const [{ modulesOf }, { Pilot }, { planOf }] = await Promise.all([
      import('./modules.ts'),
      import('./plan/pilot.ts'),
      import('./plan/plan.ts'),
    ])
    return planOf(sweep, { ...known, module: modulesOf(home), pilot: pilot ? new Pilot() : null, onCell })
  }

/**
 * A client for the farm that a session has opened. Sweeps that are submitted through the client wait for a coordinator
 * of the farm. A `run` that computes in its own process submits its sweep through a runner instead.
 */
export function databaseFarmClient(
  { database, reader, home }: Pick<Session, 'database' | 'reader' | 'home'>,
  { by, planner = plansHere(home), ...options }: DeskOptions = {},
): FarmClient {
  const source = databaseSource(database, {
    ...options,
    farmWords: (farm) => farmMessage(farm, reader),
    moduleBytes: async (prepared) => (await import('./modules.ts')).moduleBytesOf(home)(prepared),
  })

  return {
    ...source,
    async plan(given: ResolvedSpec, { pilot = true, sizing, onCells }: PlanRequest = {}) {
      const { sweep } = given
      const { planInputsOf } = await import('./plan/plan.ts')
      const inputs = await planInputsOf(database, sweep, { sizing, pilot })
      return planner(given, inputs, (done) => onCells?.(done, sweep.cellCount))
    },
    async submit(given: ResolvedSpec, { signal = never, onCells }: SubmitOptions = {}) {
      const { sweep } = given
      const { identify, requireKernel, submitSpec } = await import('./submission.ts')
      requireKernel(sweep)
      await identify(sweep, { signal })
      return submitSpec(database, given, { runner: null, by, signal, onCells })
    },
    async act(sweep: string, action: Action) {
      const { name } = await findSweep(database, sweep)
      const { control, extendSweep } = await import('@driftfarm/database')
      if (action.do !== 'extend') {
        await control(database, sweep, action.do, by)
        return { data: await source.status({ sweep }), warnings: [`${name}: ${sweepVerbs[action.do].answer}`] }
      }
      const { trials } = action
      if (trials > specLimits.trialsPerCell)
        throw new FarmError('USAGE', `${trials} trials per cell exceed the limit of ${specLimits.trialsPerCell}`, {
          hint: 'request fewer',
        })
      const { demand } = await sweepHead({ pool: database.pool }, sweep)
      const { wideningNotes } = await import('./submission.ts')
      const more = demand.trials !== null && trials > demand.trials
      const warnings = more ? await wideningNotes(database, sweep, { ...demand, trials }) : []
      await extendSweep(database, sweep, trials, by)
      return { data: await source.status({ sweep }), warnings }
    },
    async describe(sweep, changes) {
      const { describeSweep } = await import('@driftfarm/database')
      await describeSweep(database, sweep, changes, by)
      return source.status({ sweep })
    },
    async remove(sweep: string) {
      const { id, name } = await findSweep(database, sweep)
      const { removeSweep } = await import('@driftfarm/database')
      const { cells } = await removeSweep(database, id, by)
      return { sweep: { id, name }, cells }
    },
  }
}

const never = new AbortController().signal

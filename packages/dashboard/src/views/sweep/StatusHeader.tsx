import {
  countText,
  type PrecisionData,
  phaseText,
  precisionMeaning,
  precisionTitle,
  type StatusData,
  unitsColumn,
  unitsOf,
  unvisitedText,
} from '@driftfarm/report'
import { isEnded, isLive } from '@driftfarm/spec'
import { preciseHalfWidth } from '@driftfarm/statistics'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useMayChange } from '../../live/documentOrigin.tsx'
import { useSpeeds } from '../../live/useSpeeds.ts'
import { Button } from '../../parts/controls.tsx'
import { capitalised, counted, doneText, etaText, numberText, percent, shortId } from '../../parts/format.ts'
import { Help } from '../../parts/Help.tsx'
import { CellLink } from '../../parts/links.tsx'
import { Reused } from '../../parts/Reuse.tsx'
import { Facts, Progress, StateChip, Tags } from '../../parts/states.tsx'
import { VerbButtons } from '../../parts/VerbButtons.tsx'
import { DescribeDialog } from './DescribeDialog.tsx'
import { ExtendDialog } from './ExtendDialog.tsx'

const timeLeft = 'at the speed of the last 15 seconds; the trials of some cells take longer'

export function StatusHeader({ status }: { readonly status: StatusData }) {
  const { id, name, state, reason, cells, trials, events, stopsByRule, rulesUnmet, workers, threads, farm } = status
  const { title, notes, tags = {}, precision, method } = status
  const computed = Math.max(0, Number(trials.done) - Number(status.reused?.trials ?? 0))
  const speed = useSpeeds([{ id, state, trialsDone: String(computed) }]).get(id) ?? null
  const runs = isLive(state)
  const left = Number(trials.requested) - Number(trials.done)
  const { done, open, failed, unvisited = 0 } = cells
  const other = `${failed > 0 ? `, ${counted(failed)} failed` : ''}${unvisitedText(unvisited)}`
  const narrow = precision && <Narrow sweep={id} {...precision} />
  const unmet = (
    <>
      in {countText(rulesUnmet, 'cell')} <Help to="stopping" />
    </>
  )
  return (
    <header className="status-header">
      <div className="title">
        <h1>{title ?? name}</h1> {title !== undefined && <span>{name}</span>} <StateChip state={state} />{' '}
        <Help to="states" /> <span className="faint">{phaseText(status)}</span>{' '}
        <code className="faint">{shortId(id)}</code>
        <SteeringOf status={status} />
      </div>
      {notes !== undefined && <p className="notes">{notes}</p>}
      <Tags tags={tags} />
      {reason !== null && <p className="notice">{reason}</p>}
      {farm !== null && farm.words !== '' && <p className="notice">{farm.words}</p>}
      <Reused reused={status.reused} all={isEnded(state) ? trials.done : undefined} />
      <div className="wide-progress">
        <Progress done={trials.done} requested={trials.requested} label={`Trials of ${name}`} />
      </div>
      <Facts
        facts={[
          [capitalised(unitsOf(method)), doneText(trials.done, trials.requested, stopsByRule && runs)],
          ['Cells', `${counted(done - unvisited)} of ${counted(done + open + failed - unvisited)} finished${other}`],
          runs && ['Speed', speed === null ? '–' : `${counted(Math.round(speed))} per second`],
          runs && [stopsByRule ? 'Time left, at most' : 'Time left', etaText(left, speed, false) || '–', timeLeft],
          runs && ['Running on', `${countText(workers, 'worker')}, ${countText(threads, 'thread')}`],
          method === undefined && ['Escapes', counted(events)],
          narrow !== undefined && [precisionTitle, narrow, precisionMeaning],
          rulesUnmet > 0 && ['Stopping rule not met', unmet],
        ]}
      />
    </header>
  )
}

function Narrow({ sweep, precise, finished, widest }: PrecisionData & { readonly sweep: string }) {
  const { absolute, relative } = preciseHalfWidth
  return (
    <>
      {counted(precise)} of {counted(finished)} cells (±{absolute} or ±{percent(relative)})
      {widest !== null && (
        <>
          ; widest ±{numberText(Number(widest.half.toPrecision(2)))} for {widest.estimate} in{' '}
          <CellLink sweep={sweep} cell={widest.cell}>
            cell {widest.cell}
          </CellLink>
        </>
      )}
    </>
  )
}

function SteeringOf({ status }: { readonly status: StatusData }) {
  const mayChange = useMayChange()
  const navigate = useNavigate()
  const [form, setForm] = useState<'extend' | 'describe' | null>(null)
  if (!mayChange) return null
  const close = (): void => setForm(null)
  return (
    <div className="steering" role="toolbar" aria-label="Sweep actions">
      <VerbButtons
        sweeps={[status]}
        isShort
        onClose={(removed) => removed !== '' && void navigate({ to: '/', state: { removed } })}
      >
        {!status.stopsByRule && (
          <Button label={`Add ${unitsColumn(status.method)}`} small onClick={() => setForm('extend')} />
        )}
        <Link to="/new" search={{ from: status.id }} className="button small">
          Change and run again
        </Link>
        <Button label="Title and notes" small onClick={() => setForm('describe')} />
      </VerbButtons>
      {form === 'extend' && <ExtendDialog status={status} onClose={close} />}
      {form === 'describe' && <DescribeDialog status={status} onClose={close} />}
    </div>
  )
}

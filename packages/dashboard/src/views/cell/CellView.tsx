import { CheckedCells, curveFigure, setupOf, verdictText, type WholeCellData } from '@driftfarm/report'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTitle } from '../../app/useTitle.ts'
import { useComputer } from '../../compute/computer.ts'
import { useAnswer } from '../../live/useAnswer.ts'
import { CopyLink, Tabs } from '../../parts/controls.tsx'
import { Drawing } from '../../parts/FigureView.tsx'
import { capitalised, pathText, valueText } from '../../parts/format.ts'
import { SweepLink } from '../../parts/links.tsx'
import { Facts, Failure, FindingList, Waiting } from '../../parts/states.tsx'
import { CellAnswer } from './CellAnswer.tsx'
import { CellFigures } from './CellFigures.tsx'
import { CellPaths } from './CellPaths.tsx'
import { Estimates } from './Estimates.tsx'
import { Exact } from './Exact.tsx'
import { Neighbours } from './Neighbours.tsx'
import { Settings } from './Settings.tsx'
import { cellTabs } from './search.ts'
import { sortedChecks } from './sortedChecks.ts'
import { Trials } from './Trials.tsx'

export function CellView() {
  const { ref, cell: place } = useParams({ from: '/sweeps/$ref/cells/$cell' })
  const everyMs = (known: WholeCellData | undefined): number | false =>
    known === undefined || ['met', 'max', 'failed'].includes(known.state) ? false : 2_000
  const { data, error, refetch, isPlaceholderData } = useAnswer(
    'cell',
    { sweep: ref, cell: place },
    { everyMs, placeholderData: (before) => before },
  )
  useTitle(`Cell ${place}`, data?.sweep.name ?? null)
  if (error !== null) return <Failure title="Cell" error={error} again={() => void refetch()} />
  if (data === undefined) return <Waiting>Loading the cell</Waiting>
  return (
    <div className={isPlaceholderData ? 'old' : undefined} aria-busy={isPlaceholderData}>
      <Cell whole={data} />
    </div>
  )
}

/** The essentials fit on one screen of 1440 x 900 pixels; the tabs below have the details. */
function Cell({ whole }: { readonly whole: WholeCellData }) {
  const { sweep, cell, why, resolved, curve } = whole
  const computer = useComputer(whole)
  const { tab = 'estimates' } = useSearch({ from: '/sweeps/$ref/cells/$cell' })
  const navigate = useNavigate({ from: '/sweeps/$ref/cells/$cell' })
  return (
    <article className="cell">
      <nav aria-label="Breadcrumb">
        <SweepLink id={sweep.id}>‹ {sweep.name}</SweepLink> <CopyLink />
      </nav>
      <h1 aria-live="polite">
        Cell {cell.index}
        <span className="faint">
          {Object.entries(cell.params).map(([path, value]) => ` ${pathText(path)} ${valueText(value)}`)}
        </span>
      </h1>
      <Neighbours sweep={sweep} index={cell.index} />
      <CellAnswer whole={whole} />
      <div className="cell-essentials">
        <div>
          <Facts facts={setupOf(resolved).map(([name, text]) => [capitalised(name), text])} />
          <p className="faint">{why}</p>
          <Doubts whole={whole} />
          {curve !== undefined && (
            <figure className="figure">
              <Drawing figure={curveFigure({ sweep, cells: [curve] })} />
            </figure>
          )}
        </div>
        {/* In a report file whose spec names other files, the resolved cell is not known. */}
        {resolved.landscape !== undefined && <CellPaths key={cell.id} whole={whole} computer={computer} />}
      </div>
      <Tabs
        names={cellTabs}
        chosen={tab}
        label="Details"
        choose={(next) => void navigate({ search: { tab: next }, replace: true })}
      >
        {tab === 'estimates' && <Estimates whole={whole} />}
        {tab === 'figures' && <CellFigures whole={whole} />}
        {tab === 'trials' && <Trials whole={whole} computer={computer} />}
        {tab === 'theory' && <Exact whole={whole} />}
        {tab === 'settings' && <Settings resolved={resolved} />}
      </Tabs>
    </article>
  )
}

/** More would push the figures off the screen. */
const maxDoubts = 3

/** The verdict on the cell, and the checks that are not good, worst first. */
function Doubts({ whole: { sweep, cell, state } }: { readonly whole: WholeCellData }) {
  const { checks } = cell
  if (checks.length === 0) return null
  const doubts = sortedChecks(checks).filter(({ verdict }) => verdict !== 'good')
  const seen = new CheckedCells()
  seen.observe(checks, ['met', 'max'].includes(state))
  return (
    <section className="findings" aria-label="Doubts">
      <FindingList findings={doubts.slice(0, maxDoubts)} />
      <p className="faint">
        {capitalised(verdictText({ ...seen, state: sweep.state }, checks))}.
        {doubts.length > maxDoubts && ` All ${doubts.length} doubts and notes are under Estimates and checks.`}
      </p>
    </section>
  )
}

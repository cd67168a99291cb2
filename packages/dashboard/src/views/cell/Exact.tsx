import { lawRows, type WholeCellData } from '@driftfarm/report'
import { useAnswer } from '../../live/useAnswer.ts'
import { intervalText, numberText, undecidedText } from '../../parts/format.ts'
import { HelpedHeading } from '../../parts/Help.tsx'
import { marked, Waiting } from '../../parts/states.tsx'
import { Table } from '../../parts/Table.tsx'
import { EstimateName } from './Estimates.tsx'
import { Theorem } from './Theorem.tsx'

/** Exact values, asymptotic formulas and bounds. Computing them takes a few seconds. */
export const Exact = ({ whole }: { readonly whole: WholeCellData }) => (
  <section aria-label="Theoretical results">
    <Answers whole={whole} />
    <Theorem sweep={whole.sweep} index={whole.cell.index} />
  </section>
)

function Answers({ whole: { sweep, cell: measured } }: { readonly whole: WholeCellData }) {
  const asked = { sweep: sweep.id, cell: String(measured.index) }
  const { data, error } = useAnswer('exact', asked, { staleTime: Number.POSITIVE_INFINITY })
  if (error !== null || data === undefined) return <Waiting error={error}>Computing exact values</Waiting>
  const [cell] = data.cells
  if (cell === undefined) return null
  const answers = Object.entries(cell.answers)
  const missing = Object.entries(cell.missing)
  return (
    <>
      {cell.refused !== null && <p>No exact value: {marked(cell.refused)}.</p>}
      {answers.length > 0 && (
        <Table
          label="Exact values"
          columns={[
            { name: 'Quantity', show: ([name]) => <EstimateName name={name} meaning={meanings[name]} /> },
            { name: 'Exact value', is: 'number', show: ([, { value }]) => numberText(value) },
            {
              name: 'Relative error',
              is: 'number',
              title: 'estimated relative error of the exact value; absolute if the value is 0',
              show: ([, { error: off }]) => numberText(off),
            },
            { name: 'Measured', is: 'number', show: ([name]) => numberText(measured.estimates[name]?.value) },
            {
              name: 'Interval',
              is: 'nowrap',
              show: ([name]) => intervalText(measured.estimates[name]?.low, measured.estimates[name]?.high),
            },
            { name: 'Method', show: ([, { method }]) => marked(method) },
          ]}
          rows={answers}
          keyOf={([name]) => name}
        />
      )}
      {missing.length > 0 && (
        <ul className="faint">
          {missing.map(([name, reason]) => (
            <li key={name}>
              {name}: {marked(reason)}
            </li>
          ))}
        </ul>
      )}
      {cell.laws.length > 0 && (
        <>
          <HelpedHeading to="exact">Asymptotic formulas</HelpedHeading>
          <p>
            Each formula holds in a limit, such as weak noise or small steps. Its assumptions, its error and its
            deviation from the exact value tell you how far to trust it here. Its rates and mean steps are for trials
            that have been in the well for a long time, without a horizon. Measured values also count the first steps.
          </p>
          <ul>
            {cell.laws.map((law) => (
              <li key={law.name}>
                <strong>{law.name}</strong>{' '}
                {lawRows({ laws: [law], answers: cell.answers })
                  .map(([, name, value, unit, off]) =>
                    [name, value, unit, off && `(${off} off the exact value)`].filter(Boolean).join(' '),
                  )
                  .join(', ')}{' '}
                <span className="faint">
                  {marked(
                    law.applies
                      ? `assumes: ${law.conditions.join('; ')}. Error: ${law.error}.`
                      : `does not apply: ${law.reason}`,
                  )}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

/** How exact quantities differ from those that trials measure. */
const meanings: Readonly<Record<string, string>> = {
  undecided: undecidedText,
  firstExit: 'probability that this event comes first, without a horizon',
  meanExitStep: 'mean step of the exit, without a horizon; escapeStep counts at most the horizon',
  rate: 'escapes per step after many steps; escapeRate also counts the first steps',
}

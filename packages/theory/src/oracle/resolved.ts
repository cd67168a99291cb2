import type { Cell } from '@driftfarm/spec'
import { describedChain } from '../describedChain.ts'
import type { OracleChain } from '../mesh/walk.ts'
import { probability } from '../question/answer.ts'
import type { NotApplicable } from '../refusal.ts'
import type { ExactAnswer, OracleAnswer } from '../shapes/oracle.ts'
import type { ComputedAnswer, Findings } from './evaluate.ts'

/**
 * The smallest relative error that is reported. Comparing two resolutions does not show the rounding errors of long
 * sums and of the density of a step. The largest such rounding error observed is 1.9e-12.
 */
const rounding = 3e-12

export interface Resolved {
  readonly findings: Findings
  readonly missing: ReadonlyMap<string, string>
  readonly states: number
  /** In multiplications or operations that take equally long. */
  readonly work: number
}

export interface AnswerError {
  /** The relative error, or the absolute error if the value is 0. */
  readonly error: number
  readonly cause: 'change' | 'alone' | 'lost' | 'range'
}

/**
 * Compares the answers at two resolutions. `known` contains the errors of answers that exist only at the other
 * resolution.
 */
export function errorsOf({ findings }: Resolved, other: Resolved | null, known = new Map<string, AnswerError>()) {
  const found = [...findings].map(
    ([name, computed]) => [name, errorOf(computed, other?.findings.get(name)?.value)] as const,
  )
  return new Map([...known, ...found])
}

export function lostShare({ value, lost }: ComputedAnswer): number {
  return value > 0 ? lost / value : 0
}

function printedValue({ value, isProbability }: ComputedAnswer): number {
  return isProbability ? probability(value) : value
}

/**
 * Returns the error of the printed value. Without another resolution, the whole value counts as error. The distance of
 * a computed probability from [0, 1] also counts as error.
 */
function errorOf(computed: ComputedAnswer, before: number | undefined): AnswerError {
  const { value, lost } = computed
  const printed = printedValue(computed)
  const change = before === undefined ? Math.abs(value) : Math.abs(value - before)
  const range = Math.abs(value - printed)
  const off = Math.max(change, lost, range)
  const cause = off === lost ? 'lost' : off === range ? 'range' : before === undefined ? 'alone' : 'change'
  return { error: printed === 0 ? off : off / Math.abs(printed), cause }
}

const minExplainedError = 1e-6
/** A value of 0 with a larger absolute error carries no information about a probability. */
const maxErrorOfZero = 0.5
const isUninformative = ({ value, error }: ExactAnswer): boolean => error > (value === 0 ? maxErrorOfZero : 1)

function uninformative({ name, value, error }: ExactAnswer, why: string): OracleAnswer['missing'][number] {
  const relative = value === 0 ? '' : ' times its value'
  return { name, reason: `the result ${short(value)} may be off by ${short(error)}${relative}: ${why}` }
}

export function informativeAnswers(found: OracleAnswer | NotApplicable, why: string): OracleAnswer | NotApplicable {
  if ('reason' in found) return found
  const none = found.answers.filter(isUninformative)
  const answers = found.answers.filter((answer) => !none.includes(answer))
  return { ...found, answers, missing: [...found.missing, ...none.map((answer) => uninformative(answer, why))] }
}

function reasonOf({ cause }: AnswerError, { law, chain }: OracleChain, stopped: string | null): string {
  const more = stopped ?? 'no finer resolution was tried'
  const leaving = law.reach === Number.POSITIVE_INFINITY ? `jumps of the ${chain.law.kind} distribution` : 'trials'
  return {
    lost: `${leaving} leave the computed region, and events outside this region affect the answer`,
    alone: `there is no second resolution to compare with; ${more}`,
    range: `at this resolution the computed probability is outside [0, 1]; ${more}`,
    change: `the last two resolutions differ by this much; ${more}`,
  }[cause]
}

/** `stopped` says why there is no further resolution; null if none was requested. */
export function answerOf(
  cell: Cell,
  chain: OracleChain,
  { findings, missing }: Resolved,
  errors: ReadonlyMap<string, AnswerError>,
  stopped: string | null,
): OracleAnswer {
  const answers: ExactAnswer[] = []
  const unknown = [...missing].map(([name, reason]) => ({ name, reason }))
  for (const [name, found] of findings) {
    const value = printedValue(found)
    const off = errors.get(name)!
    const error = value === 0 ? off.error : Math.max(off.error, rounding)
    const reason = reasonOf(off, chain, stopped)
    const answer = { name, value, error, method: found.method, ...(error > minExplainedError ? { reason } : {}) }
    if (off.cause !== 'alone' && isUninformative(answer)) unknown.push(uninformative(answer, reason))
    else answers.push(answer)
  }
  return { chain: describedChain(cell), answers, missing: unknown }
}

const short = (value: number): string => String(Number(value.toPrecision(2)))

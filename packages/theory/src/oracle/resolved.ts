import type { NotApplicable } from '../chain.ts'
import { stepTemperature } from '../drift/stepTemperature.ts'
import type { ExactAnswer, OracleAnswer } from './answer.ts'
import type { ComputedAnswer, Findings } from './evaluate.ts'
import { probability } from './probability.ts'
import type { OracleChain } from './walk.ts'

/** What both resolutions share: the rounding of long sums, and that of the density of a step. Seen: 1.9e-12. */
const rounding = 3e-12

/** All answers of a cell at one resolution. */
export interface Resolved {
  readonly findings: Findings
  /** The reason of each missing answer, by name. */
  readonly missing: ReadonlyMap<string, string>
  /** The number of states of the largest chain. */
  readonly states: number
  /** The number of multiplications, or of what takes as long. */
  readonly work: number
}

/** How far an answer may be off, and the greatest part of that. */
export interface AnswerError {
  /** Relative, or absolute where the value is 0. */
  readonly error: number
  readonly cause: 'change' | 'alone' | 'lost' | 'range'
}

/** The errors of a resolution compared with another; `known` are those of answers that only the other has. */
export function errorsOf(
  { findings }: Resolved,
  other: Resolved | null,
  known = new Map<string, AnswerError>(),
): Map<string, AnswerError> {
  const found = [...findings].map(
    ([name, computed]) => [name, errorOf(computed, other?.findings.get(name)?.value)] as const,
  )
  return new Map([...known, ...found])
}

/** The relative error that a value may have because of what is left out. */
export function lostShare({ value, lost }: ComputedAnswer): number {
  return value > 0 ? lost / value : 0
}

/** The printed value of an answer. */
function shown({ value, isProbability }: ComputedAnswer): number {
  return isProbability ? probability(value) : value
}

/**
 * The error of what is printed, given the value at another resolution; the value itself where there is none to compare
 * with. The distance of a sum from [0, 1] is an error too.
 */
function errorOf(computed: ComputedAnswer, before: number | undefined): AnswerError {
  const { value, lost } = computed
  const printed = shown(computed)
  const change = before === undefined ? Math.abs(value) : Math.abs(value - before)
  const range = Math.abs(value - printed)
  const off = Math.max(change, lost, range)
  const cause = off === lost ? 'lost' : off === range ? 'range' : before === undefined ? 'alone' : 'change'
  return { error: printed === 0 ? off : off / Math.abs(printed), cause }
}

interface Known {
  readonly errors: ReadonlyMap<string, AnswerError>
  /** Why there is no further resolution; null where none was wanted. */
  readonly stopped: string | null
}

/** Errors above this are explained. */
const worthKnowing = 1e-6
/** A 0 with a larger (absolute) error carries no information about a probability. */
const saysNothing = 0.5
/** Whether an answer may be off by more than itself; then it is no answer. */
const isNone = (value: number, error: number): boolean => error > (value === 0 ? saysNothing : 1)

function noneReason(value: number, error: number, why: string): string {
  const relative = value === 0 ? '' : ' times itself'
  return `the result ${short(value)} may be off by ${short(error)}${relative}: ${why}`
}

/** The answers that carry information. The reasons of the others contain the value found, followed by `why`. */
export function informativeAnswers(found: OracleAnswer | NotApplicable, why: string): OracleAnswer | NotApplicable {
  if ('reason' in found) return found
  const none = found.answers.filter(({ value, error }) => isNone(value, error))
  const reasons = none.map(({ name, value, error }) => ({ name, reason: noneReason(value, error, why) }))
  const answers = found.answers.filter((answer) => !none.includes(answer))
  return { ...found, answers, missing: [...found.missing, ...reasons] }
}

/** Why an answer may be off by so much, in one line. `stopped`: why there was no finer resolution. */
function reasonOf({ cause }: AnswerError, { law, chain }: OracleChain, stopped: string | null): string {
  const more = stopped === null ? 'a finer one was not tried' : stopped
  switch (cause) {
    case 'lost':
      return law.reach === Number.POSITIVE_INFINITY
        ? `jumps of the ${chain.law.kind} distribution leave the region that can be followed, and what happens ` +
            'there matters'
        : 'trials leave the region that is followed, and what happens there matters'
    case 'alone':
      return `there is no second resolution to compare with: ${more}`
    case 'range':
      return `at this resolution the sum is not a probability: ${more}`
    default:
      return `the last two resolutions differ by this much: ${more}`
  }
}

/** What is printed of the last resolution, with errors, and the reason of each answer that is missing. */
export function answerOf(oracle: OracleChain, resolved: Resolved & Known): OracleAnswer {
  const { chain, beta, start } = oracle
  const { findings, errors, missing, stopped } = resolved
  const answers: ExactAnswer[] = []
  const unknown = [...missing].map(([name, reason]) => ({ name, reason }))
  for (const [name, found] of findings) {
    const value = shown(found)
    const off = errors.get(name)!
    const error = value === 0 ? off.error : Math.max(off.error, rounding)
    const reason = reasonOf(off, oracle, stopped)
    if (off.cause !== 'alone' && isNone(value, error)) unknown.push({ name, reason: noneReason(value, error, reason) })
    else answers.push({ name, value, error, method: found.method, ...(error > worthKnowing ? { reason } : {}) })
  }
  return {
    chain: {
      dimension: start.length,
      law: chain.law.kind,
      beta: beta > 0 ? beta : null,
      eta: chain.eta(0),
      scale: chain.scale(0),
      temperature: chain.stationary
        ? stepTemperature({ law: chain.law, eta: chain.eta(0), scale: chain.scale(0), beta })
        : null,
    },
    answers,
    missing: unknown,
  }
}

const short = (value: number): string => String(Number(value.toPrecision(2)))

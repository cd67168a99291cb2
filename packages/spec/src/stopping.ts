import { type NumberWords, ranges } from './field/range.ts'

export interface RuleWord {
  readonly key: string
  readonly value: string
  readonly of: string
  readonly description: string
}

interface RuleWords {
  /** The numbers of the rule. In `until`, the first one selects the rule, unless the rule has a `word`. */
  readonly numbers: Readonly<Record<string, NumberWords>>
  /** The key and the value that turn the rule `of` into this rule. */
  readonly word?: RuleWord
  /** Set for a rule that is not written in `until`. */
  readonly elsewhere?: true
  /** A number that does not fit the other numbers, and what is expected of it. */
  readonly fault?: (
    numbers: Readonly<Record<string, number>>,
  ) => { readonly key: string; readonly expected: string } | null
}

const relative = {
  range: ranges.positive,
  description:
    'Stops when the relative half-width of the confidence interval is at most this: (high - low)/2 <= relative * ' +
    'value.',
}

/** The stopping rules, by the names that requests and results use. */
export const stopRules = {
  /** Met when (high - low) / 2 <= relative * value, where low .. high is the interval of the estimate. */
  relative: { numbers: { relative } },
  halfWidth: {
    numbers: {
      halfWidth: {
        range: ranges.halfWidth,
        description:
          'Stops when the half-width of the confidence interval is at most this: (high - low)/2 <= halfWidth.',
      },
    },
  },
  /**
   * Met once enough events have occurred to guarantee a relative error of at most `relative` with the given confidence,
   * for any probability. Gamma Bernoulli approximation scheme, Huber (arXiv:1309.5413).
   */
  gbas: {
    numbers: { relative },
    word: {
      key: 'method',
      value: 'gbas',
      of: 'relative',
      description:
        'With `relative`: stops after a fixed number of events. This number guarantees a relative error of at most ' +
        '`relative`, whatever the probability is.',
    },
  },
  /** Met at the trial in which the `events`-th event occurs. */
  events: {
    numbers: {
      events: {
        range: ranges.events,
        description: 'Stops at the trial in which the number of events reaches this value.',
      },
    },
  },
  /**
   * Met when a sequential test has decided on which side of `above` the probability lies. Either answer is acceptable
   * if the probability is within `indifference` of `above`, relative to `above`.
   */
  above: {
    numbers: {
      above: {
        range: ranges.betweenZeroAndOne,
        description: 'Stops when a sequential test has decided whether the probability is above this value.',
      },
      indifference: {
        range: ranges.indifference,
        description:
          'With `above`: the relative distance from `above` within which either answer is accepted. Default 0.1.',
        default: 0.1,
      },
    },
    fault: ({ above, indifference }) =>
      above! * (1 + indifference!) < 1
        ? null
        : {
            key: 'above',
            expected: `a number below 1/(1 + indifference) = 1/${1 + indifference!}, or reduce \`indifference\``,
          },
  },
  /** Met when the interval of the estimate excludes `equals`. It is written in `threshold`. */
  threshold: {
    numbers: {
      equals: { range: ranges.betweenZeroAndOne, description: 'The value that the probability crosses.' },
    },
    elsewhere: true,
  },
} as const satisfies Readonly<Record<string, RuleWords>>

type Rules = typeof stopRules
export type StopRuleName = keyof Rules
export const stopRuleNames = Object.keys(stopRules) as StopRuleName[]
/** The rules of `until` by the key that selects them. */
export const writtenRules = stopRuleNames.filter(
  (name) => !('elsewhere' in stopRules[name] || 'word' in stopRules[name]),
)
export const ruleForm = `{estimate, ${writtenRules.join(' | ')}}`
export const wordsOf = (name: StopRuleName): RuleWords => stopRules[name]

/** A stopping rule with its numbers. It has the same keys in the request and in the field `stopped` of results. */
export type StopRule = {
  [Name in StopRuleName]: { readonly rule: Name; readonly estimate: string } & {
    readonly [Key in keyof Rules[Name]['numbers']]: number
  }
}[StopRuleName]

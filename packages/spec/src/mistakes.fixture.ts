import type { SpecErrorCode } from './index.ts'

export const sections = {
  head: 'version: 1\nname: bad\nseed: 1',
  landscape: 'landscape: { preset: double-well }',
  start: 'start: [-1]',
  update: 'update: { rule: gradient, eta: 0.1, drift: { sigma: 1 } }',
  trial: 'trial: { steps: 200, escape: "x >= 0" }',
  rest: 'trials: 1000',
}

/** A spec with some sections replaced; `@` marks where the error must point. */
export function spec(change: Partial<typeof sections>): string {
  return `${Object.values({ ...sections, ...change }).join('\n')}\n`
}

/** What is wrong, its code, the spec, the path, and words of the message. */
export type Case = [what: string, code: SpecErrorCode, text: string, path: string, words: string]

export const landscape = (text: string, rest: Partial<typeof sections> = {}) =>
  spec({ landscape: `landscape: ${text}`, ...rest })
/** A start and events that say nothing of the landscape, so that one mistake is all there is. */
export const anywhere = {
  start: 'start: { gaussian: { mean: 0, sigma: 1 } }',
  trial: 'trial: { steps: 9 }',
}
export const update = (text: string) => spec({ update: `update: ${text}` })
export const trial = (text: string, rest: Partial<typeof sections> = {}) => spec({ trial: `trial: ${text}`, ...rest })
export const sweep = (text: string, rest: Partial<typeof sections> = {}) =>
  spec({ rest: `trials: 10\nsweep: ${text}`, ...rest })
/** A contrast in a sweep over update.eta: [0.1, 0.2] and let.T: [1, 2]. */
export const contrast = (text: string, more = '', change: Partial<typeof sections> = {}) =>
  spec({
    ...change,
    update: 'update: { eta: 0.1, drift: { sigma: "= T" } }',
    rest:
      `trials: 10\nlet: { T: 1 }\nsweep: { update.eta: [0.1, 0.2], let.T: [1, 2] }\n${more}\ncontrasts: ` +
      `[${/^@?\{/.test(text) ? text : `{ ${text} }`}]`,
  })
export const rest = (text: string) => spec({ rest: text })
export const d3 = { landscape: 'landscape: { preset: quadratic, dimension: 3 }', start: 'start: { minimum: origin }' }

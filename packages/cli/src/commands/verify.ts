import { command } from '../command.ts'
import { flag, type OptionsOf } from '../options/option.ts'
import { json, progress } from '../options/shared.ts'

const options = { full: flag('compute every trial again by the slow reference'), progress, json }
export type VerifyOptions = OptionsOf<typeof options>

export const verify = command({
  name: 'verify',
  arguments: ['<sweep>'],
  summary: 'prove the invariants of a sweep and compute a sample of it, and what its cells rest on, again',
  options,
  examples: ['verify double-well', 'verify double-well --full --json'],
  kinds: ['Verification'],
  act: async (...given) => (await import('./verify/verify.ts')).verify(...given),
})

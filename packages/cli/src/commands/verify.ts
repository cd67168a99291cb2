import { command } from '../command.ts'
import { flag, type OptionsOf } from '../options/option.ts'
import { json, progress } from '../options/shared.ts'

const options = { full: flag('recompute every trial with the slow reference engine'), progress, json }
export type VerifyOptions = OptionsOf<typeof options>

export const verify = command({
  name: 'verify',
  arguments: ['<sweep>'],
  summary: 'check the invariants of a sweep, and recompute samples of its trials and of the premises behind its checks',
  options,
  examples: ['verify double-well', 'verify double-well --full --json'],
  kinds: ['Verification'],
  act: async (...given) => (await import('./verify/verify.ts')).verify(...given),
})

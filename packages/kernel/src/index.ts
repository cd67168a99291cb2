export * from './outcome.ts'
export * from './tally.ts'

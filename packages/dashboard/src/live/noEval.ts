import { config } from 'zod/v4/core'

// Schemas compile themselves where they may. The policy of the page forbids it, and even the question is a violation.
config({ jitless: true })

import { config } from 'zod/v4/core'

// Schemas try to compile themselves. The content security policy forbids that, and even the attempt is a violation.
config({ jitless: true })

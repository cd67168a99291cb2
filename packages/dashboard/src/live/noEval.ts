import { config } from 'zod/v4/core'

// By default, zod compiles schemas. The content security policy forbids that, and even the attempt is a violation.
config({ jitless: true })

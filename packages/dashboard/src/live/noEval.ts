import { config } from 'zod/v4/core'

// By default, zod compiles schemas at run time. The content security policy forbids such code, and counts even the
// attempt as a violation.
config({ jitless: true })

import { config } from 'zod/v4/core'

// By default, zod compiles schemas at run time. The content security policy forbids code that is created at run time,
// and even the attempt counts as a violation.
config({ jitless: true })

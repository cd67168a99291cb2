import { defineConfig } from 'prisma/config'

// `prisma generate` would download a schema engine that it never runs: any executable stands in for it, so that
// generating works offline. `prisma migrate` and `db push` would then do nothing and exit 0: migrations are applied
// by `driftfarm db migrate` alone.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath

export default defineConfig({ schema: 'prisma/schema.prisma' })

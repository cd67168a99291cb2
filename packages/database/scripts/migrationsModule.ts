import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../prisma/migrations', import.meta.url))

/** The SQL as a module, so that a bundle contains its migrations and needs no other file. */
export function migrationsModule(): string {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
  const entries = names.map((name) => {
    const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8')
    return `  {\n    name: ${JSON.stringify(name)},\n    sql: \`${sql.replace(/[\\`]|\$\{/g, '\\$&')}\`,\n  },\n`
  })
  return (
    `// Generated from prisma/migrations by \`pnpm generate\`; do not edit.\nexport const migrations: ` +
    `readonly { readonly name: string; readonly sql: string }[] = [\n${entries.join('')}]\n`
  )
}

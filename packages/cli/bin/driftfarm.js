#!/usr/bin/env node
import { existsSync } from 'node:fs'

const bundle = new URL('../dist/driftfarm.js', import.meta.url)
if (existsSync(bundle)) await import(bundle.href)
else {
  process.stderr.write('error: the command is not built yet\n  run `npm run setup` in the checkout once\n')
  process.exitCode = 1
}

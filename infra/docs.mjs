// npm run docs: builds the documentation site into docs/.vitepress/dist. `npm run docs -- dev` serves it and rebuilds
// after changes; `npm run docs -- preview` serves the built site.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './root.mjs'
import { setup } from './setup.mjs'

const [what = 'build'] = process.argv.slice(2)
if (!['build', 'dev', 'preview'].includes(what)) {
  process.stderr.write(`error: unknown argument ${what}: use build, dev or preview\n`)
  process.exit(2)
}
await setup()
const bin = join(root, 'docs/node_modules/.bin/vitepress')
process.exit(spawnSync(bin, [what], { cwd: join(root, 'docs'), stdio: 'inherit' }).status ?? 1)

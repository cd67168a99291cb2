import { benchFarm } from './farm/index.ts'
import { benchKernel } from './kernel/index.ts'

// `pnpm bench [NAME ...]`: measures parts of the farm on this machine; without a name all of them.
const benches: Readonly<Record<string, () => Promise<void>>> = { kernel: benchKernel, farm: benchFarm }

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there is ${Object.keys(benches).join(', ')}`)
  process.exitCode = 2
} else {
  for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) await benches[name]!()
}

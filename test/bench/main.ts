import { benchCells } from './cells/index.ts'
import { benchFarm } from './farm/index.ts'
import { kernelParts } from './kernel/index.ts'

// `npm run bench [NAME ...]`: measures parts of the farm on this machine; `kernel` is all parts of the kernel, and
// without a name all is measured.
const parts: Readonly<Record<string, () => Promise<void>>> = { ...kernelParts, cells: benchCells, farm: benchFarm }
const groups: Readonly<Record<string, readonly string[]>> = { kernel: Object.keys(kernelParts) }

const names = process.argv.slice(2)
const unknown = names.filter((name) => !Object.hasOwn(parts, name) && !Object.hasOwn(groups, name))
if (unknown.length > 0) {
  const known = [...Object.keys(groups), ...Object.keys(parts)].join(', ')
  console.error(`no benchmark ${unknown.join(', ')}; there is ${known}`)
  process.exitCode = 2
} else {
  const wanted = names.length > 0 ? names.flatMap((name) => groups[name] ?? [name]) : Object.keys(parts)
  for (const name of new Set(wanted)) await parts[name]!()
}

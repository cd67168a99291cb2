import { setFlagsFromString } from 'node:v8'
import { version } from './version.ts'

// Between two garbage collections, the heap may grow by at most 60 %. V8's default is up to fourfold growth, which
// takes a tenth to a third more memory and saves no time (`npm run bench sweeps`).
setFlagsFromString('--heap-growing-percent=60')
// A process that runs for a few seconds compiles many functions that it calls only a few thousand times, and every
// thread compiles them again. Less inlining saves 5 % of the processor time, and the compiled code is not measurably
// slower.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=300')
// A function is compiled when it has used up this budget, so a larger budget postpones compilation. With this budget,
// a run of 10^4 cells takes 5 % less processor time than by default, and longer runs take as long as by default. V8 of
// newer Nodes does not know the flag, and prints that.
if (process.versions.node.startsWith('20.')) setFlagsFromString('--interrupt-budget=300000')
// The kernel compiler is itself WebAssembly, with thousands of functions that a process uses only once. By default, V8
// optimizes each function that has run for a millisecond. Optimizing the compiler's functions takes longer than running
// them, and needs 20 MB. With this budget, kernels are still optimized within milliseconds.
setFlagsFromString('--wasm-tiering-budget=20000000')

// Node defines this from version 21 on. Without it, pg creates a Response to find out where it runs, which loads the
// whole implementation of fetch: a tenth of the start-up time.
if (!('navigator' in globalThis))
  Object.assign(globalThis, { navigator: { userAgent: `Node.js/${process.versions.node.split('.')[0]}` } })

const words = process.argv.slice(2)
// Scripts ask for the version often, and it needs nothing else.
if (words.length === 1 && /^(--version|-V)$/.test(words[0]!)) process.stdout.write(`${version}\n`)
// The shell waits for completions at each TAB.
else if (words[0] === 'complete') await import('./completing.ts')
else await import('./start.ts')

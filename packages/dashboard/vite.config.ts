import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const noCompiler = at('src/compute/noCompiler.ts')
/** Kept outside the assets, whose names contain a hash: the page finds the thread by this fixed name. */
const threadFile = 'thread.js'

// Every address in the page is relative, so that it works under any path. Nothing is inlined, since the page's content
// security policy forbids inline scripts and styles.
export default defineConfig({
  base: './',
  plugins: [react()],
  resolve: {
    // Leave out the compiler and the sources that it compiles: the page compiles nothing. Also leave out parts of d3
    // that change elements over time, because figures do not.
    alias: [/^assemblyscript\/asc$/, /^.*\/assembly\.generated\.ts$/, /^d3-(brush|drag|transition|zoom)$/].map(
      (find) => ({ find, replacement: noCompiler }),
    ),
  },
  build: {
    target: 'es2022',
    outDir: 'dist/page',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.json' },
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      // The thread shares its modules with the page. A bundle of its own would contain all of them again.
      input: { index: at('index.html'), site: at('site.html'), thread: at('src/compute/thread.worker.ts') },
      output: { entryFileNames: ({ name }) => (name === 'thread' ? threadFile : 'assets/[name]-[hash].js') },
    },
  },
  define: { THREAD_FILE: JSON.stringify(threadFile) },
})

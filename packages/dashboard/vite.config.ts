import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const noCompiler = at('src/live/noCompiler.ts')
/** Outside of the assets, whose names say what is in them: the page finds it by this name. */
const threadFile = 'thread.js'

// Every address of the page is relative, so that it works under any path; nothing is put into the page itself, since
// its policy allows no script and no style of that kind.
export default defineConfig({
  base: './',
  plugins: [react()],
  resolve: {
    // What only compiling needs: the compiler, and the sources that are compiled.
    alias: [/^assemblyscript\/asc$/, /^.*\/assembly\.generated\.ts$/].map((find) => ({
      find,
      replacement: noCompiler,
    })),
  },
  build: {
    target: 'es2022',
    outDir: 'dist/page',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      // The thread shares its modules with the page, where a bundle of its own would hold all of them again.
      input: { index: at('index.html'), thread: at('src/live/thread.worker.ts') },
      output: { entryFileNames: ({ name }) => (name === 'thread' ? threadFile : 'assets/[name]-[hash].js') },
    },
  },
  define: { THREAD_FILE: JSON.stringify(threadFile) },
})

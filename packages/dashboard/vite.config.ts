import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Every address of the page is relative, so that it works under any path; nothing is put into the page itself, since
// its policy allows no script and no style of that kind.
export default defineConfig({
  base: './',
  plugins: [react()],
  resolve: { alias: { 'assemblyscript/asc': fileURLToPath(new URL('src/live/noCompiler.ts', import.meta.url)) } },
  build: {
    target: 'es2022',
    outDir: 'dist/page',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
  worker: { format: 'es' },
})

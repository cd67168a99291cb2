// Loaded before a process of the soak (--import): at SIGUSR2 it collects garbage and prints what is left.
process.on('SIGUSR2', () => {
  for (let time = 0; time < 3; time++) globalThis.gc()
  const { heapUsed, rss } = process.memoryUsage()
  process.stdout.write(`heap ${heapUsed} ${rss}\n`)
})

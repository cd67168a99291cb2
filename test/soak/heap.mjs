// Loaded before a process of the soak (--import): on SIGUSR2 it collects garbage and prints the heap size.
process.on('SIGUSR2', () => {
  for (let time = 0; time < 3; time++) globalThis.gc()
  const { heapUsed, rss } = process.memoryUsage()
  process.stdout.write(`heap ${heapUsed} ${rss}\n`)
})

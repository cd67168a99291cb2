// A lock file for one process at a time. It names its holder. If the holder is dead, the next process removes the file.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** A holder on another machine, or without a name, cannot be checked. After this time it counts as dead. */
const longestMs = 30 * 60_000
const nearbyMs = 10_000
/** A message is printed after waiting this long. */
const saysAfterMs = 1_000

/** Runs `work` while holding the file, and returns its result. `say` prints a message about a long wait. */
export async function locked(file, say, work) {
  const own = `${process.pid} ${hostname()}\n`
  const began = Date.now()
  let isTold = false
  mkdirSync(dirname(file), { recursive: true })
  while (!taken(file, own)) {
    const holder = holderOf(file)
    if (holder === null) continue
    if (isDead(holder)) {
      remove(file, holder.text)
      continue
    }
    if (!isTold && Date.now() - began > saysAfterMs) {
      isTold = true
      say(`waiting for process ${holder.text.trim() || '(unknown)'}, which holds ${file}`)
    }
    await delay(100)
  }
  try {
    return await work()
  } finally {
    // An install may have emptied the folder, so that another process holds a new file by now.
    if (holderOf(file)?.text === own) rmSync(file, { force: true })
  }
}

function taken(file, own) {
  try {
    writeFileSync(file, own, { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  }
}

function holderOf(file) {
  try {
    return { text: readFileSync(file, 'utf8'), ageMs: Date.now() - statSync(file).mtimeMs }
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
    return null
  }
}

function isDead({ text, ageMs }) {
  const [pid, host] = text.trim().split(' ')
  if (pid === '') return ageMs > nearbyMs
  if (host !== hostname()) return ageMs > longestMs
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

/** If several processes find the file of a dead one, only one removes it. A file that is new is put back. */
function remove(file, text) {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if (error.code === 'ENOENT') return
    throw error
  }
  if (readFileSync(aside, 'utf8') === text) rmSync(aside)
  else renameSync(aside, file)
}

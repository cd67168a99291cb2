// Before the tests of a process: sources are loaded by Node itself, and what is compiled once is kept.
import { register } from 'node:module'

register('./hooks.mjs', import.meta.url)

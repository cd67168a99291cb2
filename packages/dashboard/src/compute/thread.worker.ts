import './noEval.ts'
import type { ComputeReply, ComputeRequest } from './computer.ts'
import { type PlayError, type PlayReply, type PlayRequest, play } from './playing.ts'
import { tasks } from './tasks.ts'

// Computes trials in a thread of the browser, so that the page stays responsive.

self.onmessage = async ({ data, ports: [port] }: MessageEvent<ComputeRequest | PlayRequest>) => {
  if ('play' in data) {
    const reply = (reply: PlayReply): void => postMessage(reply)
    await play(data.play, reply).catch(({ message, hint, code }: PlayError) =>
      reply({ error: { message, hint, code } }),
    )
    return
  }
  const { name, given } = data
  const reply = (made: ComputeReply): void => port!.postMessage(made)
  try {
    const task = tasks[name] as (...given: readonly unknown[]) => unknown
    reply({ value: await task(...given) })
  } catch (error) {
    reply({ error: (error as Error).message })
  }
}

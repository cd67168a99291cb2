import { figureFile, formatOfFile } from '@driftfarm/farm'
import type { Figure, FigureStyle } from '@driftfarm/report'
import { note, writeAll } from '../../output.ts'
import type { Shell } from '../../shell.ts'

export async function writeFigure(shell: Shell, figure: Figure, file: string, look: FigureStyle): Promise<void> {
  const warn = (message: string) => note(shell, `warning: ${message}`)
  await writeAll(shell, [await figureFile(figure, formatOfFile(file), look, warn)], file)
}

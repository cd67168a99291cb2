import { figureFile, formatOfFile } from '@driftfarm/farm'
import type { Figure, Look } from '@driftfarm/report'
import { writeAll } from '../../output.ts'
import type { Shell } from '../../shell.ts'

export async function writeFigure(shell: Shell, figure: Figure, file: string, look: Look): Promise<void> {
  await writeAll(shell, [await figureFile(figure, formatOfFile(file), look)], file)
}

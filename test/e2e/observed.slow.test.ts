import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { begin, driftfarm } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { freePort } from '@driftfarm/testing/port'
import { writeSpec } from '@driftfarm/testing/spec'
import { parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'

const home = servedHome()
const ask = async (...command: string[]): Promise<string> => {
  const { code, stdout, stderr } = await driftfarm(command, { home })
  expect(code, `${command.join(' ')}\n${stderr}`).toBe(0)
  return stdout
}

interface Value {
  readonly observation: string
  readonly time: string
  readonly mean: { readonly value: number; readonly low: number; readonly high: number; readonly events: number }
}

test('rows, files, SQL and the route have the values whose means a sweep estimates', async () => {
  const spec = writeSpec(home, 'observed', {
    version: 1,
    name: 'observed',
    seed: 5,
    landscape: { preset: 'double-well' },
    start: { minimum: 'left' },
    update: { eta: 0.1, drift: { sigma: 1.2 } },
    trial: { steps: 60, escape: 'x >= 0' },
    observe: { height: { value: 'loss', at: ['escape', 'horizon'], every: 20 }, three: { value: '3', at: ['start'] } },
    trials: 300,
  })
  await ask('run', spec, '--threads', '1')
  const document = JSON.parse(await ask('results', 'observed', '--observed', '--json'))
  const values = document.data.cells[0].values as Value[]
  const meanOf = (name: string, at: string) =>
    values.find(({ observation, time }) => observation === name && time === at)!.mean

  const csv = (await ask('results', 'observed', '--rows', '--format', 'csv')).trimEnd().split('\n')
  const place = csv[0]!.split(',').length
  expect(csv[0]!.split(',').slice(-3)).toEqual(['observe_height_escape', 'observe_height_horizon', 'observe_three'])
  const file = join(home, 'rows.parquet')
  await ask('results', 'observed', '--rows', '--format', 'parquet', '-o', file)
  const { buffer, byteOffset, byteLength } = readFileSync(file)
  const rows = await parquetReadObjects({ file: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer })
  expect(rows).toHaveLength(300)
  const sql = JSON.parse(
    await ask('sql', 'select expression, time, avg(value), count(value) from observed group by 1, 2', '--json'),
  ).data.rows as { expression: string; time: string; avg: number; count: number }[]
  for (const [name, at, column, from] of [
    ['height', 'escape', 'observe_height_escape', 3],
    ['height', 'horizon', 'observe_height_horizon', 2],
    ['three', 'start', 'observe_three', 1],
  ] as const) {
    const mean = meanOf(name, at)
    const ofFile = rows.map((row) => row[column] as number | null).filter((value) => value !== null)
    const ofText = csv.slice(1).map((line) => line.split(',').slice(-from)[0]!)
    expect(csv[1]!.split(',').length).toBeGreaterThanOrEqual(place)
    expect(ofText.filter((text) => text !== '').map(Number)).toEqual(ofFile)
    expect(ofFile).toHaveLength(mean.events)
    expect(ofFile.reduce((sum, value) => sum + value, 0) / ofFile.length).toBeCloseTo(mean.value, 12)
    const found = sql.find(({ expression, time }) => time === at && expression === (name === 'three' ? '3' : 'loss'))!
    expect([found.count, found.avg]).toEqual([mean.events, expect.closeTo(mean.value, 12)])
  }
  expect(meanOf('three', 'start')).toMatchObject({ value: 3, low: 3, high: 3, events: 300 })

  const listen = `127.0.0.1:${await freePort()}`
  const farm = begin(['coordinator', '--listen', listen], { home })
  await farm.says('API at')
  const answer = async (path: string) => (await fetch(`http://${listen}/api/v1/sweeps/observed${path}`)).json()
  expect(await answer('/observed')).toEqual(document)
  expect(await answer('/observed?cells=0')).toEqual(document)
  const kept = await answer('/cells/0/rows?count=2')
  expect(kept).toMatchObject({ data: [{ observe_three: 3 }, { observe_three: 3 }] })
  expect((await fetch(`http://${listen}/api/v1/sweeps/observed/figures/observed.svg`)).status).toBe(200)
  await farm.interrupt()
})

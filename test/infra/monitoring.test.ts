import { execFile } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { metricPrefix, metricTable } from '@driftfarm/api'
import { root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { needs, programPath } from '@driftfarm/testing/program'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { mistakeOf } from './commandLine.ts'

const run = promisify(execFile)
const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const read = (name: string): string => readFileSync(join(root, 'infra', name), 'utf8')
const names = Object.keys(metricTable).map((name) => metricPrefix + name)
const namesIn = (text: string): string[] => [...new Set(text.match(/\bdriftfarm_[a-z_]+/g) ?? [])]

const folder = temporaryFolder()
afterAll(() => folder.remove())

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly annotations: { readonly summary: string; readonly action: string }
}
const rules: readonly Rule[] = parse(read('prometheus/rules.yml')).groups.flatMap(
  (group: { rules: Rule[] }) => group.rules,
)

describe('infra/prometheus', () => {
  test('alerts are about metrics that there are, and name commands that there are', () => {
    expect(rules.length).toBeGreaterThanOrEqual(10)
    for (const { alert, expr, annotations } of rules) {
      expect(
        namesIn(expr).filter((name) => !names.includes(name)),
        alert,
      ).toEqual([])
      expect(annotations.action.length, alert).toBeGreaterThan(40)
      for (const [, words] of annotations.action.matchAll(/`driftfarm ([^`]+)`/g))
        expect(mistakeOf(words!.split(' ')), alert).toBeNull()
    }
    expect(namesIn('max(driftfarm_leader) == 0').filter((name) => !names.includes(name))).toEqual(['driftfarm_leader'])
  })

  describe('by promtool', needs('promtool'), () => {
    const tested = async (change: (rules: string) => string): Promise<string> => {
      for (const name of ['rules.yml', 'rules_test.yml', 'prometheus.yml'])
        cpSync(join(root, 'infra/prometheus', name), join(folder.path, name))
      writeFileSync(join(folder.path, 'rules.yml'), change(read('prometheus/rules.yml')))
      const answer = await run(programPath('promtool'), ['test', 'rules', 'rules_test.yml'], {
        cwd: folder.path,
      }).catch((e) => e)
      return answer.code === undefined ? '' : `${answer.stdout}${answer.stderr}`
    }

    test('each fires where it is due, and none where all is well', async () => {
      expect(await tested((text) => text)).toBe('')
      const config = read('prometheus/prometheus.yml').replace(/credentials_file: \S+/, 'credentials: x')
      writeFileSync(join(folder.path, 'prometheus.yml'), config)
      await run(programPath('promtool'), ['check', 'config', 'prometheus.yml'], { cwd: folder.path })
    })

    const told = full ? rules : rules.slice(0, 2)
    test.each(told.map(({ alert }) => alert))('%s: the test misses it', async (alert) => {
      const gone = await tested((text) => text.replace(`alert: ${alert}\n`, 'alert: Other\n'))
      expect(gone).toContain('FAILED')
    })

    test('one that fires at once, or never, is found out', async () => {
      expect(await tested((text) => text.replace('max(driftfarm_open_cells) > 0 and', 'vector(1) > 0 and'))).toContain(
        'DriftfarmStuck',
      )
      expect(await tested((text) => text.replace('queue_up) == 0', 'queue_up) < 0'))).toContain('FAILED')
      expect(await tested((text) => text.replace('leaders) == 0', 'leaders) =='))).toContain('FAILED')
    })
  })
})

test('infra/grafana: a panel for every metric, and no other', () => {
  const dashboard = JSON.parse(read('grafana/dashboard.json'))
  const shown = dashboard.panels.map(({ targets }: { targets: { expr: string }[] }) => namesIn(targets[0]!.expr))
  expect(shown.flat().sort()).toEqual([...names].sort())
  const places = dashboard.panels.map(
    ({ gridPos }: { gridPos: { x: number; y: number } }) => `${gridPos.x} ${gridPos.y}`,
  )
  expect(new Set(places).size).toBe(names.length)
  const queries = dashboard.templating.list.flatMap(({ query }: { query: unknown }) => namesIn(JSON.stringify(query)))
  expect(queries.filter((name: string) => !names.includes(name))).toEqual([])
})

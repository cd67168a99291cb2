import { openBrowser } from '@driftfarm/testing/browser'
const [, , base, ...rest] = process.argv
const browser = await openBrowser()
const theme = 'light'
for (const [name, hash, width, height] of [
  ['fig', '#/sweeps/two-axes?tab=figures', 1440, 1300], ['work', '#/sweeps/two-axes?tab=work', 1440, 900], ['farm', '#/farm', 1440, 1000],
  ['fig390', '#/sweeps/two-axes?tab=figures', 390, 1700], ['work390', '#/sweeps/two-axes?tab=work', 390, 1200], ['fig2560', '#/sweeps/two-axes?tab=figures&figure=line&log=y', 2560, 1300],
] as const) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: name.startsWith('work') ? 'dark' : 'light' })
  const page = await context.newPage()
  await page.goto(`${base}/${hash}`)
  await page.waitForTimeout(4000)
  if (name === 'fig') { await page.getByRole('button', { name: 'Help: Kinds of figures' }).click(); await page.getByText('Other kinds of figures').click(); await page.getByText('The same on').click(); await page.waitForTimeout(500) }
  await page.screenshot({ path: `/tmp/fig/${name}.png` })
  console.log(name, await page.title())
  await context.close()
}
await browser.close()

import { openBrowser } from '@driftfarm/testing/browser'
import { readFileSync } from 'node:fs'
const [base, file, name, seed] = process.argv.slice(2)
const browser = await openBrowser()
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
await page.goto(`${base}/`); await page.waitForTimeout(1500)
const spec = readFileSync(file!, 'utf8').replace('watched10k', name!).replace('seed: 5', 'seed: ' + seed)
const t0 = Date.now(); const at = () => ((Date.now() - t0) / 1e3).toFixed(2)
const a = await (await fetch(base + '/api/v1/sweeps', { method: 'POST', headers: { 'content-type': 'application/yaml' }, body: spec })).json()
console.log(at(), 'submitted'); const id = a.data.sweep.id
await page.evaluate(`window.__log=[];window.__t0=${t0};window.__frames=[];(()=>{let last=performance.now();requestAnimationFrame(function f(n){const d=n-last;last=n;if(d>50)window.__frames.push([Date.now()-${t0},Math.round(d)]);requestAnimationFrame(f)});let text='';setInterval(()=>{},1e9);new MutationObserver(()=>{const e=document.querySelector('.status-header');const t=e?e.innerText.replace(/\\s+/g,' '):'';if(t!==text){text=t;window.__log.push([Date.now()-${t0},t.slice(0,400)])}}).observe(document.body,{subtree:true,characterData:true,childList:true})})();location.hash='#/sweeps/${id}'`)
for (let i = 0; i < 120; i++) { await page.waitForTimeout(1000); const done = await page.evaluate(`(()=>document.querySelector('.status-header')?.innerText.includes('complete'))()`); if (done) break }
await page.waitForTimeout(1500)
const { log, frames } = await page.evaluate<any>(`({log:window.__log,frames:window.__frames})`)
let last = 0, gaps: number[] = []
let lastT = ''
for (const [ms, t] of log) { const m = /Trials? ([\d,.kM]+)/i.exec(t)?.[1] ?? ''; console.log((ms/1e3).toFixed(2), t.slice(0, 260)); }
console.log('frames over 50 ms:', JSON.stringify(frames))
const cdp = await page.context().newCDPSession(page); await cdp.send('HeapProfiler.collectGarbage'); await cdp.send('Performance.enable'); const m = await cdp.send('Performance.getMetrics'); console.log('heap MB', m.metrics.filter((x:any)=>/JSHeapUsed/.test(x.name)).map((x:any)=>x.value/1e6))
await page.screenshot({ path: '/tmp/livex/page.png' })
await browser.close()

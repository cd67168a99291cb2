import { spawn } from 'node:child_process'
import { readFileSync, mkdtempSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
let t00=performance.now(); const at2=()=>((performance.now()-t00)/1e3).toFixed(2)
const home = mkdtempSync('/tmp/h/probe')
const env: any = { NODE_OPTIONS: '--import /tmp/lag.mjs', ...process.env, DRIFTFARM_HOME: home }
const port = 18999, address = `http://127.0.0.1:${port}`
const up = spawn(process.execPath, ['/work/main/packages/cli/bin/driftfarm.js','up','--listen',`127.0.0.1:${port}`,'--threads','1'], { env, stdio: ['ignore','pipe','pipe'] })
await new Promise<void>((r)=>{ for (const s of [up.stdout!,up.stderr!]) s.on('data',(d)=>{ if(String(d).includes('ready')) r() }) })
up.stderr!.on('data',(d)=>{ if(String(d).includes('LAG')) process.stdout.write('   '+at2()+' '+String(d)) }); await delay(4000)
t00=performance.now(); const at=()=>((performance.now()-t00)/1e3).toFixed(2)
const answer = await fetch(`${address}/api/v1/sweeps`, { method:'POST', headers:{'content-type':'application/json'}, body: JSON.stringify({version:1,name:'tab',seed:1,landscape:{preset:'double-well'},start:{minimum:'left'},update:{eta:0.1,drift:{sigma:1}},trial:{steps:100,escape:'x >= 0'},sweep:{'update.eta':{from:0.05,to:0.3,count:100},'update.drift.sigma':{from:0.5,to:2,count:100}},trials:1e6}) })
const { data } = await answer.json() as any
console.log(at(),'accepted', data.sweep.id)
const s = await fetch(`${address}/api/v1/sweeps/${data.sweep.id}/events`)
let last=performance.now(), buf='', n=0
const gaps:number[]=[]
const reader = s.body!.pipeThrough(new TextDecoderStream()).getReader()
const end = performance.now()+Number(process.argv[2]??40)*1e3
let first=false
while (performance.now()<end) {
  const {value,done}=await reader.read(); if(done) break
  buf+=value
  let i
  while((i=buf.indexOf('\n\n'))>=0){ const ev=buf.slice(0,i); buf=buf.slice(i+2)
    const kind=/event: (\w+)/.exec(ev)?.[1]; if(!kind) continue
    const d=/"done":\s*"?(\d+)/.exec(ev)?.[1]
    if (d && d!=='0' && !first) { first=true; console.log(at(),'first trials', d) }
    const now=performance.now(); if(n++>3) gaps.push(now-last); last=now
    if (gaps.length && gaps.at(-1)!>850) console.log(at(),kind,'gap',gaps.at(-1)!.toFixed(0),ev.length, d)
  }
}
gaps.sort((a,b)=>a-b); console.log('events',gaps.length,'median',gaps[gaps.length>>1]!.toFixed(0),'p95',gaps[Math.floor(gaps.length*.95)]!.toFixed(0),'max',gaps.at(-1)!.toFixed(0))
up.kill('SIGINT'); process.exit(0)

#!/usr/bin/env node
/*
 * How heavy is the distribution: size of the archive, time from the start of the process to listening and to ready, resident
 * memory when idle, time to stop. Prints a table; judges nothing.
 *
 *   node itests/bench/footprint.mjs [--runs 5] [--idle 20] [archive.tar.gz]
 *
 * The first start after unpacking is "cold" (fresh data folder, fresh cache), the others reuse the data folder: "warm".
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { cpus, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '5' }, idle: { type: 'string', default: '20' } },
})
const runs = Number(values.runs)
const idleSeconds = Number(values.idle)

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const targetFolder = join(repository, 'karaf-distribution', 'target')
const archive =
  positionals[0] ??
  (existsSync(targetFolder) ? readdirSync(targetFolder).filter(name => name.endsWith('.tar.gz')).map(name => join(targetFolder, name))[0] : undefined)
if (archive === undefined || !existsSync(archive)) {
  console.error(`No distribution archive in ${targetFolder}. Build it first: ./mvnw -DskipTests package -pl karaf-distribution -am`)
  process.exit(2)
}

const work = mkdtempSync(join(tmpdir(), 'busbar-footprint-'))
const data = join(work, 'data')
spawnSync('tar', ['-xzf', archive, '-C', work], { stdio: 'inherit' })
const home = join(work, readdirSync(work)[0])
const launcher = [join(home, 'busbar'), join(home, 'bin', 'busbar')].find(existsSync)

const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds))

function listens(port) {
  return new Promise(done => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy()
      done(true)
    })
    socket.once('error', () => done(false))
  })
}

/** Two free ports: fixed ones, so that listening can be seen from outside before the server says so. */
async function freePorts(count) {
  const { createServer } = await import('node:net')
  const servers = await Promise.all(
    Array.from({ length: count }, () => new Promise(done => {
      const server = createServer().listen(0, '127.0.0.1', () => done(server))
    })),
  )
  const ports = servers.map(server => server.address().port)
  await Promise.all(servers.map(server => new Promise(done => server.close(done))))
  return ports
}

/** The JVM below the launcher (the launcher itself when it replaced itself by the JVM). */
function javaOf(pid) {
  const children = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number)
  const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  return name === 'java' ? pid : children.map(javaOf).find(found => found !== undefined)
}

function residentMb(pid) {
  return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+) kB/)[1]) / 1024
}

function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

const rows = []
for (let run = 0; run <= runs; run++) {
  const [mqtt, ws, http] = await freePorts(3)
  const started = performance.now()
  const server = spawn(
    launcher,
    ['run', '--data', data, '--mqtt-port', String(mqtt), '--ws-port', String(ws), '--http-port', String(http)],
    { stdio: 'ignore' },
  )
  const exited = new Promise(done => server.once('exit', done))
  const since = () => (performance.now() - started) / 1000
  let listening
  let ready
  while ((ready === undefined || listening === undefined) && since() < 60 && server.exitCode === null) {
    if (listening === undefined && (await listens(mqtt))) listening = since()
    if (ready !== undefined) continue
    const answer = await fetch(`http://127.0.0.1:${http}/api/v1/health/ready`).catch(() => undefined)
    if (answer?.status === 200) ready = since()
    else await wait(15)
  }
  if (ready === undefined || listening === undefined) {
    console.error('The server did not become ready within 60 s.')
    server.kill('SIGKILL')
    process.exit(1)
  }
  const pid = javaOf(server.pid)
  const startCpu = cpuSeconds(pid)
  let idle
  let idleCpu
  if (run === runs) {
    await wait(idleSeconds * 1000)
    idle = residentMb(pid)
    idleCpu = ((cpuSeconds(pid) - startCpu) / idleSeconds) * 100
  }
  const stopping = performance.now()
  server.kill('SIGTERM')
  await exited
  rows.push({ kind: run === 0 ? 'cold' : 'warm', listening, ready, startCpu, stop: (performance.now() - stopping) / 1000, idle, idleCpu })
}
rmSync(work, { recursive: true, force: true })

const median = numbers => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
const seconds = number => `${number.toFixed(2)} s`
const warm = rows.filter(row => row.kind === 'warm')
const last = rows.at(-1)
console.log(`
| what | value |
|---|---|
| archive | ${(statSync(archive).size / 1024 / 1024).toFixed(1)} MB |
| start to MQTT listening, cold | ${seconds(rows[0].listening)} |
| start to ready, cold | ${seconds(rows[0].ready)} |
| start to MQTT listening, warm, median of ${runs} | ${seconds(median(warm.map(row => row.listening)))} |
| start to ready, warm, median of ${runs} | ${seconds(median(warm.map(row => row.ready)))} |
| CPU until ready, warm, median | ${seconds(median(warm.map(row => row.startCpu)))} |
| resident memory after ${idleSeconds} s idle | ${last.idle.toFixed(0)} MB |
| CPU when idle | ${last.idleCpu.toFixed(2)} % of a core |
| SIGTERM to exit, median | ${seconds(median(rows.map(row => row.stop)))} |

${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.version}`)

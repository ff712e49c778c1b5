/** Bad input as a user gives it: each gets a clear answer that says what to do, and loses nothing. */
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect as connectSocket } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Api, problemOf, type Triple } from './harness/api'
import { as, connectBytes, endAllClients, RawSocket, TestClient } from './harness/mqtt'
import type { Exit } from './harness/processes'
import { handOver, newFolder, Server, type StartOptions } from './harness/server'
import { within } from './harness/wait'

const admin = { username: 'admin', password: 'correct horse battery' }
let server: Server
let api: Api
let triple: Triple

beforeAll(async () => {
  server = await Server.start()
  api = new Api(server)
  await api.setUp(admin.username, admin.password)
  triple = await api.createCredential('Good client')
})

afterEach(endAllClients)

afterAll(async () => {
  await server?.dispose()
})

/** Starts a server that must not come up; returns how it ended and what it printed. */
async function failingStart(options: StartOptions): Promise<Exit & { output: string }> {
  const failing = Server.spawn(options)
  try {
    const exit = await within(30_000, 'the start fails', failing.exited)
    return { ...exit, output: failing.output }
  } catch (error) {
    throw new Error(`${String(error)}\n${failing.output}`)
  } finally {
    if (failing.exit === undefined) await failing.kill()
  }
}

describe('start', { timeout: 60_000 }, () => {
  test.each(['mqtt', 'http', 'ws'] as const)('a %s port in use: exit with a line that names the port and the option', async kind => {
    const taken = kind === 'http' ? server.endpoints.http.port : String(server.endpoints[kind].port)

    const { code, output } = await failingStart({ args: [`--${kind}-port`, taken] })

    expect(code).not.toBe(0)
    expect(output).toContain(taken)
    expect(output).toMatch(/in use|already/i)
    expect(output).toContain(`--${kind}-port`)
    expect(output).not.toMatch(/^\s+at [\w.$]+\(/m)
    expect((await api.send('GET', '/health/ready')).status).toBe(200)
  })

  test('a data folder that another server uses: exit, and the other one goes on', async () => {
    const { code, output } = await failingStart({ data: server.data })

    expect(code).not.toBe(0)
    expect(output).toContain(server.data)
    expect((await TestClient.open(server, as(triple, 5))).connectCode).toBe(0)
  })

  test('a data folder that another server uses, without the file that tells its process: the same', async () => {
    const file = join(server.data, 'run', 'pid')
    const pid = readFileSync(file)
    rmSync(file)
    try {
      const { code, output } = await failingStart({ data: server.data })

      expect(code).not.toBe(0)
      expect(output).toContain(`another Busbar (process ${String(pid).trim()}) is using ${server.data}`)
      expect((await TestClient.open(server, as(triple, 5))).connectCode).toBe(0)
    } finally {
      writeFileSync(file, pid)
    }
  })

  test('a data folder with letters beyond ASCII in a locale that has none: it starts there and nowhere else', async () => {
    const parent = newFolder()
    const plant = await Server.start({ data: join(parent, 'Anlage Nürnberg 工厂'), env: { LANG: '', LC_ALL: 'C' } })
    try {
      expect(readdirSync(parent)).toEqual(['Anlage Nürnberg 工厂'])
      expect(readdirSync(plant.data)).toContain('db')
    } finally {
      await plant.dispose()
    }
  })

  test('an unwritable data folder: exit with a line that names it', async () => {
    const folder = join(dirname(newFolder()), 'read-only')
    mkdirSync(folder)
    chmodSync(folder, 0o555)

    const { code, output } = await failingStart({ data: join(folder, 'data') })

    expect(code).not.toBe(0)
    expect(output).toContain(folder)
    expect(output).toMatch(/cannot (create|write)/i)
    expect(output).not.toMatch(/^\s+at [\w.$]+\(/m)
  })

  test('an unknown option: exit with its name and where to read on', async () => {
    const { code, output } = await failingStart({ args: ['--mqtt-prot', '1'] })

    expect(code).not.toBe(0)
    expect(output).toContain('--mqtt-prot')
    expect(output).toContain('--help')
  })

  test.each([
    ['an unknown key', '{"admin":{"username":"a","password":"long-enough-password"},"credentails":[]}', 'credentails'],
    ['an unknown key inside', '{"credentials":[{"description":"x","usernmae":"y"}]}', 'usernmae'],
    ['broken JSON', '{"admin":{"username":"a",}', 'bootstrap'],
    ['a password that is too short', '{"admin":{"username":"a","password":"short"}}', 'password'],
  ])('a bootstrap file with %s: exit with a line that names it', async (_, content, named) => {
    const data = newFolder()
    const file = join(dirname(data), 'bootstrap.json')
    writeFileSync(file, content)
    handOver(file)

    const { code, output } = await failingStart({ data, args: ['--bootstrap', file] })

    expect(code).not.toBe(0)
    expect(output).toContain(named)
    expect(output).toContain('bootstrap.json')
    expect(output).not.toMatch(/^\s+at [\w.$]+\(/m)
  })

  test('a bootstrap file that is not there: exit with its name', async () => {
    const { code, output } = await failingStart({ args: ['--bootstrap', '/nowhere/bootstrap.json'] })

    expect(code).not.toBe(0)
    expect(output).toContain('/nowhere/bootstrap.json')
  })

  test('a corrupt documents file: exit with its name, and the file is left as it is', async () => {
    const data = newFolder()
    const first = await Server.start({ data })
    await new Api(first).setUp(admin.username, admin.password)
    await first.stop()
    const documents = filesBelow(data).filter(path => /\.(db|sqlite\w*)$/.test(path))
    expect(documents).toHaveLength(1)
    const bytes = readFileSync(documents[0]!)
    bytes.fill(0x5a, 0, Math.min(bytes.length, 8192))
    writeFileSync(documents[0]!, bytes)
    const before = hash(documents[0]!)

    const { code, output } = await failingStart({ data })

    expect(code).not.toBe(0)
    expect(output).toContain(documents[0]!)
    expect(output).toMatch(/corrupt|damaged|not a database/i)
    expect(hash(documents[0]!)).toBe(before)
  })
})

describe('REST', () => {
  test('no session, no JSON, unknown keys, wrong types: each has its own problem', async () => {
    const stranger = new Api(server)
    expect(await problemOf(stranger.get('/clients'))).toMatchObject({ status: 401, name: 'not-authenticated' })
    expect(await problemOf(api.post('/credentials', '{"description":'))).toMatchObject({ status: 400, name: 'malformed-json' })
    const unknown = await problemOf(api.post('/credentials', { descripton: 'typo' }))
    expect(unknown).toMatchObject({ status: 422, name: 'unknown-key' })
    expect(JSON.stringify(unknown.problem)).toContain('descripton')
    expect(await problemOf(api.post('/credentials', { description: 7 }))).toMatchObject({ status: 422, name: 'validation' })
    expect(await problemOf(api.post('/credentials', []))).toMatchObject({ status: 422 })
    expect(await problemOf(api.get('/nothing-here'))).toMatchObject({ status: 404, name: 'not-found' })
    expect(await problemOf(api.call('DELETE', '/broker'))).toMatchObject({ status: 405, name: 'method-not-allowed' })
    expect(await problemOf(api.get('/credentials/none'))).toMatchObject({ status: 404, name: 'not-found' })
    expect(await problemOf(api.post('/credentials', JSON.stringify({ description: 'x' }), { 'Content-Type': 'text/plain' }))).toMatchObject({ status: 415 })
    const large = `POST /api/v1/namespace/import HTTP/1.1\r\nHost: ${server.endpoints.http.host}\r\nCookie: ${api.cookie}\r\nX-Busbar-Request: 1\r\nContent-Type: application/json\r\nContent-Length: 5000000000\r\n\r\n{`
    expect(await rawHttp(large)).toMatch(/^HTTP\/1\.1 413[^]*payload-too-large/)
    expect(await problemOf(api.get('/credentials?limit=0'))).toMatchObject({ status: 422, name: 'validation' })
    expect(await problemOf(api.get('/credentials?cursor=rubbish'))).toMatchObject({ status: 422 })
  })

  test('requests that come from another site are refused', async () => {
    const body = { description: 'Forged' }
    expect(await problemOf(api.post('/credentials', body, { 'X-Busbar-Request': '' }))).toMatchObject({ status: 403, name: 'csrf' })
    expect(await problemOf(api.post('/credentials', body, { Origin: 'http://evil.example' }))).toMatchObject({ status: 403, name: 'csrf' })
    expect(await problemOf(api.post('/credentials', body, { 'Sec-Fetch-Site': 'cross-site' }))).toMatchObject({ status: 403, name: 'csrf' })
    expect((await api.credentials()).map(row => row.description)).not.toContain('Forged')
    // DNS rebinding: a foreign name that points to this address.
    expect(await rawHttp(`GET /api/v1/health/live HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 421/)
    expect(await rawHttp(`GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 421/)
  })

  test('names of nodes: what is refused says which level and why', async () => {
    for (const path of ['a//b', '/a', 'a/', 'a+b/c', 'a/#', '$SYS/x', 'a/../b', Array.from({ length: 18 }, () => 'a').join('/'), `a/${'x'.repeat(64)}`, 'a/\u0000b']) {
      const refused = await problemOf(api.post('/namespace/nodes', { type: 'PATH', path }))
      expect([path, refused.status, refused.problem.errors?.[0]?.field]).toEqual([path, 422, 'path'])
    }
    expect(await api.post('/namespace/nodes', { type: 'PATH', path: 'Größe/生产线1/Site 4' })).toMatchObject({ path: 'Größe/生产线1/Site 4' })
  })

  test('an import with an error changes nothing and names the place', async () => {
    const broken = { namespace: [{ name: 'Fine', type: 'PATH', children: [{ name: 'bad/name', type: 'TOPIC', topicType: 'METRIC' }] }] }
    const refused = await problemOf(api.post('/namespace/import', broken))
    expect(refused.status).toBe(422)
    expect(refused.problem.errors![0]).toMatchObject({ pointer: '/namespace/0/children/0', message: expect.stringContaining('bad/name') })
    expect((await api.send('GET', '/namespace/nodes?path=Fine')).status).toBe(404)
  })

  test('guessing passwords gets slower, for everybody alike', async () => {
    const guesser = new Api(server)
    const answers: number[] = []
    for (let i = 0; i < 8 && !answers.includes(429); i++) {
      for (const username of [admin.username, 'no-such-user']) {
        answers.push((await guesser.send('POST', '/auth/login', { username, password: `guess number ${i}` })).status)
      }
    }
    expect(new Set(answers)).toEqual(new Set([401, 429]))
    const throttled = await guesser.send('POST', '/auth/login', { username: admin.username, password: 'guess' })
    expect(throttled.status).toBe(429)
    expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(0)
    // Whoever is in stays in.
    expect((await api.send('GET', '/auth/me')).status).toBe(200)
  })

  test('pages and API carry the security headers', async () => {
    const page = await fetch(server.endpoints.http)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    expect(page.headers.get('cache-control')).toContain('no-cache')
    expect(page.headers.get('server') ?? '').not.toMatch(/jetty/i)
    const answer = await api.send('GET', '/broker')
    expect(answer.headers.get('cache-control')).toContain('no-store')
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    // Traversal out of the console's files.
    expect(await rawHttp(`GET /../../etc/users.properties HTTP/1.1\r\nHost: ${server.endpoints.http.host}\r\nConnection: close\r\n\r\n`)).not.toMatch(/^HTTP\/1\.1 200[\s\S]*=/)
  })
})

describe('MQTT', () => {
  const good = () => connectBytes(triple, 5, 60)

  test.each<[string, () => Buffer]>([
    ['a packet type that does not exist', () => Buffer.from([0x00, 0x00])],
    ['anything before CONNECT', () => Buffer.from([0xc0, 0x00])],
    ['HTTP', () => Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['TLS', () => Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])],
    ['a remaining length of five bytes', () => Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x7f])],
    ['an unknown protocol name', () => Buffer.from([0x10, 0x0c, 0, 4, 0x4d, 0x51, 0x54, 0x58, 5, 2, 0, 60, 0, 0])],
    ['a second CONNECT', () => Buffer.concat([good(), good()])],
    ['a PUBLISH with QoS 3', () => Buffer.concat([good(), Buffer.from([0x36, 0x06, 0, 1, 0x61, 0, 1, 0])])],
    ['a PUBLISH to a wildcard', () => Buffer.concat([good(), Buffer.from([0x30, 0x04, 0, 1, 0x23, 0])])],
    ['a topic that is no UTF-8', () => Buffer.concat([good(), Buffer.from([0x30, 0x05, 0, 2, 0xc3, 0x28, 0])])],
    ['a SUBSCRIBE without filters', () => Buffer.concat([good(), Buffer.from([0x82, 0x03, 0, 1, 0])])],
    ['a packet announced larger than allowed', () => Buffer.concat([good(), Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])])],
  ])('%s: the connection is closed, the server goes on', async (_, bytes) => {
    const socket = new RawSocket(server)
    socket.write(bytes())
    await socket.closed()
    expect((await api.send('GET', '/health/ready')).status).toBe(200)
    const healthy = await TestClient.open(server, as(triple, 5))
    expect(healthy.connectCode).toBe(0)
  })

  test('a malformed packet of a v5 client is answered with DISCONNECT 0x81 before the close', async () => {
    const socket = new RawSocket(server)
    socket.write(good())
    const connack = await socket.read(4)
    expect(connack[0]).toBe(0x20)
    const length = 2 + connack[1]!
    await socket.read(length)
    socket.write(Buffer.from([0x36, 0x06, 0, 1, 0x61, 0, 1, 0]))
    await socket.closed()
    const answer = socket.bytes.subarray(length)
    expect([answer[0], answer[2]]).toEqual([0xe0, 0x81])
  })

  test('a thousand connections that say nothing do not keep others out', async () => {
    const { host, port } = server.endpoints.mqtt
    const idle = Array.from({ length: 1000 }, () => connectSocket({ host, port }).on('error', () => {}))
    try {
      expect((await TestClient.open(server, as(triple, 5))).connectCode).toBe(0)
    } finally {
      for (const socket of idle) socket.destroy()
    }
  })
})

function rawHttp(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = server.endpoints.http
    const socket = connectSocket({ host: hostname, port: Number(port) }, () => socket.write(request))
    let text = ''
    socket.setEncoding('latin1').on('data', chunk => (text += chunk))
    socket.on('close', () => resolve(text))
    // An answer that came before the server closed is an answer.
    socket.on('error', error => (text === '' ? reject(error) : resolve(text)))
  })
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(path => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
}

function hash(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

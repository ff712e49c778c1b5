import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { launcher } from './distribution'
import { type Exit, Program } from './processes'
import { GiveUp, until } from './wait'

/** Where a running server listens, from `<data>/run/endpoints.json`. */
export interface Endpoints {
  http: URL
  mqtt: { host: string; port: number; url: string }
  ws: { host: string; port: number; url: string }
}

export interface StartOptions {
  /** An existing data folder; default: a fresh one. */
  data?: string
  /** More arguments for the launcher. */
  args?: string[]
  env?: Record<string, string>
}

/**
 * Who runs the server: when the tests run as root the server does not, so that every run proves that it needs neither root
 * nor a home folder and writes into nothing but its data folder.
 */
const identity: { uid?: number; gid?: number } = unprivileged()

function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const nobody = { uid: 65534, gid: 65534 }
  const seen = spawnSync('test', ['-r', join(process.cwd(), 'package.json')], nobody)
  return seen.status === 0 ? nobody : {}
}

/** One server process of the unpacked distribution, with a data folder of its own. */
export class Server {
  readonly data: string
  private readonly program: Program

  private constructor(options: StartOptions) {
    this.data = options.data ?? newFolder()
    const args = [
      'run',
      ...['--data', this.data, '--http-port', '0', '--mqtt-port', '0', '--ws-port', '0'],
      ...(options.args ?? []),
    ]
    this.program = new Program(launcher(), args, {
      ...identity,
      // Not in the distribution: it must start from any folder.
      cwd: tmpdir(),
      env: { PATH: process.env.PATH, JAVA_HOME: process.env.JAVA_HOME, HOME: '/nonexistent', LANG: 'C.UTF-8', ...options.env },
    })
  }

  /** Starts a process and returns at once: for starts that are expected to fail. */
  static spawn(options: StartOptions = {}): Server {
    return new Server(options)
  }

  /** Starts a server and waits until it is ready to serve clients. */
  static async start(options: StartOptions = {}): Promise<Server> {
    const server = new Server(options)
    try {
      await server.ready()
    } catch (error) {
      await server.program.kill()
      throw error
    }
    return server
  }

  get exit(): Exit | undefined {
    return this.program.exit
  }

  get exited(): Promise<Exit> {
    return this.program.exited
  }

  /** What it printed, both streams, in order. */
  get output(): string {
    return this.program.output
  }

  /** Waits for `GET /api/v1/health/ready` to answer 200 and for the addresses on the terminal. */
  async ready(timeout = 40_000): Promise<void> {
    await until(
      'the server is ready',
      async () => {
        if (this.exit !== undefined) throw new GiveUp(`It ended with ${JSON.stringify(this.exit)}:\n${this.output}`)
        const answer = await fetch(new URL('api/v1/health/ready', this.endpoints.http))
        if (answer.status !== 200) throw new Error(`health/ready ${answer.status} ${await answer.text()}`)
        // The file is there a moment before the terminal says the same.
        const setup = (await (await fetch(new URL('api/v1/setup', this.endpoints.http))).json()) as { required: boolean }
        return this.output.includes(this.endpoints.http.href) && setup.required === (this.setupLink !== undefined)
      },
      { timeout, interval: 40 },
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n--- printed so far:\n${this.output}`)
    })
  }

  /** Read anew each time: a restart listens elsewhere. */
  get endpoints(): Endpoints {
    return parseEndpoints(JSON.parse(readFileSync(join(this.data, 'run', 'endpoints.json'), 'utf8')) as EndpointsFile)
  }

  /** The link `…/setup#<token>` as printed; undefined when none was. */
  get setupLink(): string | undefined {
    return this.output.match(/https?:\/\/\S+\/setup#\S+/)?.[0]
  }

  /** SIGTERM, as an operator or an init system stops it. */
  stop(): Promise<Exit> {
    return this.program.stop()
  }

  /** SIGKILL to the launcher and all that it started: the power is cut. */
  async kill(): Promise<void> {
    await this.program.kill()
  }

  /** For afterAll: stops what still runs and removes the data folder. */
  async dispose(): Promise<void> {
    await this.program.end()
    if (process.env.BUSBAR_KEEP_DATA === undefined) rmSync(this.data, { recursive: true, force: true })
  }

  /** The server's own log file. */
  get log(): string {
    for (const place of ['log/busbar.log', 'log/karaf.log', 'busbar.log']) {
      const path = join(this.data, place)
      if (existsSync(path)) return readFileSync(path, 'utf8')
    }
    return ''
  }
}

/** A temporary folder that the server's user may write; it goes with the test run. */
export function newFolder(): string {
  const folder = mkdtempSync(join(inject('temporary'), 'server-'))
  const data = join(folder, 'data')
  mkdirSync(data)
  for (const path of [folder, data]) if (identity.uid !== undefined) chownSync(path, identity.uid, identity.gid!)
  return data
}

/** Gives a file or folder made by a test to the server's user. */
export function handOver(path: string): void {
  if (identity.uid !== undefined) chownSync(path, identity.uid, identity.gid!)
}

interface EndpointsFile {
  console: string
  mqtt: { transport: string; host: string; port: number; uri: string }[]
}

function parseEndpoints({ console, mqtt }: EndpointsFile): Endpoints {
  const listener = (transport: string) => {
    const found = mqtt.find(one => one.transport === transport)
    if (found === undefined) throw new Error(`endpoints.json has no listener with transport ${transport}: ${JSON.stringify(mqtt)}`)
    return { host: found.host, port: found.port, url: found.uri }
  }
  return { http: new URL(console), mqtt: listener('tcp'), ws: listener('websocket') }
}

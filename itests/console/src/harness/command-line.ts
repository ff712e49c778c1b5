import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import type { Triple } from './api'
import type { Server } from './server'
import { until } from './wait'

export type MosquittoVersion = 'mqttv31' | 'mqttv311' | 'mqttv5'

function credentials(server: Server, triple: Triple, version: MosquittoVersion): string[] {
  const { host, port } = server.endpoints.mqtt
  return ['-h', host, '-p', String(port), '-V', version, '-i', triple.clientId, '-u', triple.username, '-P', triple.password]
}

/** Runs mosquitto_pub; rejects with what it printed when it fails. */
export async function mosquittoPub(
  server: Server,
  triple: Triple,
  version: MosquittoVersion,
  topic: string,
  payload: string,
  qos: 0 | 1 | 2,
): Promise<void> {
  await promisify(execFile)('mosquitto_pub', [
    ...credentials(server, triple, version),
    ...['-t', topic, '-m', payload, '-q', String(qos)],
  ])
}

/** A running mosquitto_sub that prints `topic payload` lines. */
export class MosquittoSub {
  readonly lines: string[] = []
  private readonly process: ChildProcess
  private constructor(args: string[]) {
    // Into a pipe mosquitto_sub would keep its lines until the buffer is full.
    this.process = spawn('stdbuf', ['-oL', 'mosquitto_sub', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let rest = ''
    for (const stream of [this.process.stdout!, this.process.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n')
        rest = lines.pop()!
        this.lines.push(...lines)
      })
    }
  }

  static async start(
    server: Server,
    triple: Triple,
    version: MosquittoVersion,
    filter: string,
    qos: 0 | 1 | 2,
    more: string[] = [],
  ): Promise<MosquittoSub> {
    // -d prints "Subscribed (mid: 1): 1" when the SUBACK is there.
    const sub = new MosquittoSub([...credentials(server, triple, version), '-d', '-v', '-t', filter, '-q', String(qos), ...more])
    await until('mosquitto_sub has subscribed', () => sub.lines.some(line => line.startsWith('Subscribed')) )
    return sub
  }

  /** Waits for a `topic payload` line. */
  async line(text: string): Promise<void> {
    await until(`mosquitto_sub prints ${text}`, () => this.lines.includes(text))
  }

  /** kill -9. */
  kill(): void {
    this.process.kill('SIGKILL')
  }

  async stop(): Promise<void> {
    const ended = new Promise(resolve => this.process.once('exit', resolve))
    if (this.process.exitCode === null && this.process.signalCode === null && this.process.kill('SIGTERM')) await ended
  }
}

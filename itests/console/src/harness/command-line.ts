import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Triple } from './api'
import { moduleFolder } from './paths'
import { Program } from './processes'
import type { Server } from './server'
import { GiveUp, until } from './wait'

export type MqttVersion = 'mqttv31' | 'mqttv311' | 'mqttv5'

/** Where the commands `mosquitto_pub` and `mosquitto_sub` come from. */
export interface CommandLine {
  /** For the names of tests. */
  name: string
  /** The search path that finds them. */
  path: string
  /** What goes before `mosquitto_sub` so that it does not keep its lines until its buffer is full. */
  unbuffered: string[]
}

/** The same commands with the same options, spoken by mqtt.js: they are always there. */
const standIns: CommandLine = {
  name: 'mqtt.js',
  path: [join(moduleFolder, 'src', 'harness', 'stand-ins'), process.env.PATH].join(delimiter),
  unbuffered: [],
}

const installed: CommandLine = { name: 'Mosquitto', path: process.env.PATH ?? '', unbuffered: ['stdbuf', '-oL'] }

export function mosquittoIsInstalled(): boolean {
  return ['mosquitto_pub', 'mosquitto_sub', 'stdbuf'].every(command => spawnSync(command, ['--help']).error === undefined)
}

/** Each has to pass the same tests; with its name for their titles. */
export const commandLines: [string, CommandLine][] = (mosquittoIsInstalled() ? [standIns, installed] : [standIns]).map(from => [from.name, from])

function credentials(server: Server, triple: Triple, version: MqttVersion): string[] {
  const { host, port } = server.endpoints.mqtt
  return ['-h', host, '-p', String(port), '-V', version, '-i', triple.clientId, '-u', triple.username, '-P', triple.password]
}

/** Runs a line as a person pastes it into a shell. */
export async function pasteIntoShell(from: CommandLine, line: string): Promise<{ code: number | null; output: string }> {
  const shell = new Program('sh', ['-c', line], { env: { ...process.env, PATH: from.path } })
  onTestFinished(() => shell.end())
  const { code } = await shell.exited
  return { code, output: shell.output }
}

/** Runs mosquitto_pub; fails with what it printed when it fails. */
export async function publish(
  from: CommandLine,
  server: Server,
  triple: Triple,
  version: MqttVersion,
  topic: string,
  payload: string,
  qos: 0 | 1 | 2,
): Promise<void> {
  const args = [...credentials(server, triple, version), '-t', topic, '-m', payload, '-q', String(qos)]
  const pub = new Program('mosquitto_pub', args, { env: { ...process.env, PATH: from.path } })
  onTestFinished(() => pub.end())
  const { code } = await pub.exited
  if (code !== 0) throw new Error(`mosquitto_pub ended with ${code}: ${pub.output}`)
}

/** A running mosquitto_sub that prints `topic payload` lines; it ends with the test at the latest. */
export class Subscriber {
  private constructor(private readonly program: Program) {}

  static async start(
    from: CommandLine,
    server: Server,
    triple: Triple,
    version: MqttVersion,
    filter: string,
    qos: 0 | 1 | 2,
    more: string[] = [],
  ): Promise<Subscriber> {
    // -d prints "Subscribed (mid: 1): 1" when the SUBACK is there.
    const args = [...credentials(server, triple, version), '-d', '-v', '-t', filter, '-q', String(qos), ...more]
    const [command, ...rest] = [...from.unbuffered, 'mosquitto_sub', ...args] as [string, ...string[]]
    const program = new Program(command, rest, { env: { ...process.env, PATH: from.path } })
    onTestFinished(() => program.end())
    await until('mosquitto_sub has subscribed', () => {
      if (program.exit !== undefined) throw new GiveUp(`mosquitto_sub ended: ${program.output}`)
      return program.lines.some(line => line.startsWith('Subscribed'))
    })
    return new Subscriber(program)
  }

  /** Waits for a `topic payload` line. */
  async line(text: string): Promise<void> {
    await until(`mosquitto_sub prints ${text}`, () => this.program.lines.includes(text))
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.program.kill()
  }
}

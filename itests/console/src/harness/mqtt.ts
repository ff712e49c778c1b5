import mqtt5, { type IClientOptions, type IClientPublishOptions, type MqttClient } from 'mqtt'
import * as mqtt4 from 'mqtt-v4'
import { randomBytes } from 'node:crypto'
import { connect as connectSocket, type Socket } from 'node:net'
import type { Triple } from './api'
import type { Server } from './server'
import { until, within } from './wait'

/** Which library speaks: the one that MQTTX ships, or the one that MQTT Explorer and Node-RED ship. */
export type Library = 'mqtt.js 4' | 'mqtt.js 5'

export interface Received {
  topic: string
  payload: Buffer
  qos: number
  retain: boolean
  at: number
}

/** The part of a packet that tests look at. */
export interface Packet {
  cmd: string
  returnCode?: number
  reasonCode?: number
  granted?: number[]
  messageId?: number
  properties?: { reasonString?: string; [name: string]: unknown }
  [name: string]: unknown
}

export interface ConnectOptions extends IClientOptions {
  library?: Library
  transport?: 'tcp' | 'ws'
}

const open = new Set<TestClient>()

/** An MQTT client that remembers every packet it was sent. Never reconnects unless told to. */
export class TestClient {
  readonly packets: Packet[] = []
  readonly received: Received[] = []
  readonly errors: Error[] = []
  closedAt: number | undefined

  private constructor(
    readonly mqtt: MqttClient,
    readonly clientId: string,
  ) {
    mqtt.on('packetreceive', packet => this.packets.push(packet as unknown as Packet))
    mqtt.on('message', (topic, payload, packet) =>
      this.received.push({ topic, payload: Buffer.from(payload), qos: packet.qos, retain: packet.retain, at: performance.now() }),
    )
    mqtt.on('error', error => this.errors.push(error))
    mqtt.on('close', () => (this.closedAt ??= performance.now()))
    mqtt.on('connect', () => (this.closedAt = undefined))
    open.add(this)
  }

  /** Sends CONNECT and returns when the server has answered, whatever it answered. */
  static async open(server: Server, options: ConnectOptions): Promise<TestClient> {
    const { library = 'mqtt.js 5', transport = 'tcp', ...rest } = options
    const { mqtt, ws } = server.endpoints
    const url = transport === 'ws' ? ws.url : `mqtt://${mqtt.host}:${mqtt.port}`
    const settings = { reconnectPeriod: 0, connectTimeout: 10_000, ...rest }
    const raw =
      library === 'mqtt.js 5'
        ? mqtt5.connect(url, settings)
        : (mqtt4.connect(url, settings as unknown as mqtt4.IClientOptions) as unknown as MqttClient)
    const client = new TestClient(raw, String(rest.clientId ?? ''))
    await until('CONNACK or close', () => client.connack ?? (client.closedAt !== undefined || client.errors.length > 0), {
      timeout: 10_000,
      interval: 2,
    })
    return client
  }

  get connack(): Packet | undefined {
    return this.packets.findLast(packet => packet.cmd === 'connack')
  }

  /** The CONNACK's code: 3.1.1 return code or 5.0 reason code; -1 when the server closed without one. */
  get connectCode(): number {
    return this.connack === undefined ? -1 : (this.connack.reasonCode ?? this.connack.returnCode ?? -1)
  }

  get connected(): boolean {
    return this.mqtt.connected
  }

  /** SUBSCRIBE; returns the codes of the SUBACK. */
  async subscribe(filters: string | string[], qos: 0 | 1 | 2 = 0): Promise<number[]> {
    const before = this.packets.filter(packet => packet.cmd === 'suback').length
    // Listening is by packet: mqtt.js 4 and 5 report refused filters differently.
    this.mqtt.subscribe(filters, { qos }, () => {})
    const suback = await until('SUBACK', () => this.packets.filter(packet => packet.cmd === 'suback')[before], { interval: 2 })
    return suback.granted ?? []
  }

  /** PUBLISH; resolves when the protocol says it is done, with the reason code of its PUBACK or PUBREC (0 where there is none). */
  async publish(topic: string, payload: string | Buffer, options: IClientPublishOptions = {}): Promise<number> {
    const done = new Promise<number | undefined>((resolve, reject) => {
      this.mqtt.publish(topic, payload, options, (error, packet) => {
        // A refusal is an answer, too: mqtt.js reports it as an error with a code.
        if (error && !('code' in error)) reject(error)
        else resolve((packet as Packet | undefined)?.messageId)
      })
    })
    const messageId = await within(10_000, `PUBLISH ${topic} is acknowledged`, done)
    if ((options.qos ?? 0) === 0) return 0
    const answer = this.packets.findLast(packet => packet.messageId === messageId && (packet.cmd === 'puback' || packet.cmd === 'pubrec'))
    return answer?.reasonCode ?? 0
  }

  /** Waits for a message that satisfies `test`. */
  message(what: string, test: (message: Received) => boolean, timeout = 5_000): Promise<Received> {
    return until(what, () => this.received.find(test), { timeout, interval: 5 })
  }

  /** The last packet of a kind; waits for it. */
  packet(cmd: string, timeout = 5_000): Promise<Packet> {
    return until(`${cmd} from the server`, () => this.packets.findLast(packet => packet.cmd === cmd), { timeout, interval: 5 })
  }

  /** Waits until the server has closed the connection; returns milliseconds since `since`. */
  async closed(since: number, timeout = 5_000): Promise<number> {
    return (await until('the server closes the connection', () => this.closedAt, { timeout, interval: 5 })) - since
  }

  /** DISCONNECT and wait until the socket is closed. */
  async end(): Promise<void> {
    open.delete(this)
    await new Promise<void>(resolve => this.mqtt.end(false, {}, () => resolve()))
  }

  /** Closes the socket without DISCONNECT. */
  async drop(): Promise<void> {
    open.delete(this)
    await new Promise<void>(resolve => this.mqtt.end(true, {}, () => resolve()))
  }
}

/** For afterEach: no client of a failed test disturbs the next. */
export async function endAllClients(): Promise<void> {
  await Promise.all([...open].map(client => client.drop()))
}

/** Settings of MQTTX 1.13: mqtt.js 4.3.7, protocol 5, keepalive 60, clean, session expiry 0, the triple's Client ID. */
export function asMqttx(triple: Triple): ConnectOptions {
  return {
    library: 'mqtt.js 4',
    protocolVersion: 5,
    clientId: triple.clientId,
    username: triple.username,
    password: triple.password,
    keepalive: 60,
    clean: true,
    properties: { sessionExpiryInterval: 0 },
  }
}

/** Settings of MQTT Explorer 0.4: mqtt.js 5, protocol 3.1.1; a Client ID of its own unless ADVANCED is filled in. */
export function asMqttExplorer(triple: Triple, clientId = triple.clientId): ConnectOptions {
  return {
    library: 'mqtt.js 5',
    protocolVersion: 4,
    clientId,
    username: triple.username,
    password: triple.password,
    keepalive: 60,
    clean: true,
  }
}

/** The Client ID that MQTT Explorer makes up. */
export function explorerClientId(): string {
  return `mqtt-explorer-${randomBytes(4).toString('hex')}`
}

/** Plain credentials for a given protocol version. */
export function as(triple: Triple, protocolVersion: 3 | 4 | 5, more: ConnectOptions = {}): ConnectOptions {
  return {
    protocolVersion,
    ...(protocolVersion === 3 ? { protocolId: 'MQIsdp' as const } : {}),
    clientId: triple.clientId,
    username: triple.username,
    password: triple.password,
    keepalive: 60,
    clean: true,
    ...more,
  }
}

/** A bare socket, for what no library would send. */
export class RawSocket {
  private readonly chunks: Buffer[] = []
  private readonly socket: Socket
  closedAt: number | undefined

  constructor(server: Server) {
    const { host, port } = server.endpoints.mqtt
    this.socket = connectSocket({ host, port })
    this.socket.on('data', chunk => this.chunks.push(chunk))
    this.socket.on('error', () => {})
    this.socket.on('close', () => (this.closedAt = performance.now()))
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks)
  }

  write(bytes: Buffer): void {
    this.socket.write(bytes)
  }

  async read(atLeast: number): Promise<Buffer> {
    return until(`${atLeast} bytes from the server`, () => (this.bytes.length >= atLeast ? this.bytes : undefined), { interval: 5 })
  }

  async closed(timeout = 5_000): Promise<number> {
    return until('the server closes the socket', () => this.closedAt, { timeout, interval: 5 })
  }

  destroy(): void {
    this.socket.destroy()
  }
}

/** The bytes of a CONNECT, 3.1.1 (level 4) or 5.0 (level 5), clean, with user name and password. */
export function connectBytes(triple: Triple, level: 4 | 5, keepAliveSeconds: number): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value, 'utf8')
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
  }
  const body = Buffer.concat([
    text('MQTT'),
    Buffer.from([level, 0b1100_0010, keepAliveSeconds >> 8, keepAliveSeconds & 255]),
    ...(level === 5 ? [Buffer.from([0])] : []),
    text(triple.clientId),
    text(triple.username),
    text(triple.password),
  ])
  return Buffer.concat([Buffer.from([0x10, body.length]), body])
}

import type { Schemas } from '../../api/client'

export const SNIPPETS = ['mosquitto', 'mqttx', 'explorer', 'nodered', 'python', 'javascript', 'java'] as const
export type SnippetKind = (typeof SNIPPETS)[number]

export const SNIPPET_NAMES: Record<SnippetKind, string> = {
  mosquitto: 'mosquitto',
  mqttx: 'MQTTX',
  explorer: 'MQTT Explorer',
  nodered: 'Node-RED',
  python: 'Python',
  javascript: 'JavaScript',
  java: 'Java',
}

export interface Connection {
  /** A name or an address, of IPv6 with brackets or without. */
  host: string
  port: number
  clientId: string
  username: string
  password: string
  /** A topic filter the credential may use, e.g. `acme/north/#`. */
  filter: string
  /** Whether it is encrypted. */
  tls?: boolean
  /** Whether the certificates that it has to trust are in a file, {@link AUTHORITIES}. */
  authorities?: boolean
}

/** What the file with the certificates of the server's authorities is called. */
export const AUTHORITIES = 'busbar-ca.crt'

/** The more useful one first: TLS before plain, MQTT's own transport before WebSocket. */
const PREFERRED = ['mqtts', 'mqtt', 'wss', 'ws']
const REACH = ['DIRECT', 'SERVER_ONLY', 'PROXY_ONLY']

/** A topic that the filter matches, to publish to: wildcards become words. */
export function exampleTopic(filter: string): string {
  const levels = filter.split('/').map((level) => (level === '+' ? 'any' : level === '#' ? 'test' : level))
  return levels.join('/')
}

/** Where a client connects to: an endpoint that listens; rather one that can be reached from here, with TLS. */
export function endpointFor(endpoints: Schemas['Endpoint'][], ...schemes: Schemas['Endpoint']['scheme'][]): Schemas['Endpoint'] | undefined {
  const rank = ({ reach, scheme }: Schemas['Endpoint']) => REACH.indexOf(reach) * PREFERRED.length + PREFERRED.indexOf(scheme)
  return endpoints.filter((endpoint) => endpoint.state === 'LISTENING' && (schemes.length === 0 || schemes.includes(endpoint.scheme))).sort((a, b) => rank(a) - rank(b))[0]
}

/** How a client connects there; without an endpoint to what a server that has just been installed offers. */
export function connectionTo(endpoint: Schemas['Endpoint'] | undefined, secrets: Pick<Connection, 'clientId' | 'username' | 'password' | 'filter'>): Connection {
  return {
    ...secrets,
    host: endpoint?.host ?? '127.0.0.1',
    port: endpoint?.port ?? 1883,
    tls: endpoint?.tls ?? false,
    authorities: endpoint?.authorities != null,
  }
}

/** For a POSIX shell: single quotes around everything that is not plainly safe. */
function sh(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** A string literal of JavaScript, Python and Java alike. */
function literal(text: string): string {
  return JSON.stringify(text)
}

/** As an argument or in a field of its own: an address of IPv6 has no brackets there. */
function plain(host: string): string {
  return host.replace(/^\[(.*)]$/, '$1')
}

/** In a URL, or in a field that becomes part of one: an address of IPv6 has brackets (RFC 3986, section 3.2.2). */
function inUrl(host: string): string {
  const address = plain(host)
  return address.includes(':') ? `[${address.replace('%', '%25')}]` : address
}

/** What to type or paste to connect with one kind of client. `#` and `//` lines are explanations. */
export function snippet(kind: SnippetKind, to: Connection): string {
  const topic = exampleTopic(to.filter)
  const host = plain(to.host)
  const scheme = to.tls ? 'mqtts' : 'mqtt'
  const trust = to.tls ? (to.authorities ? ` --cafile ${AUTHORITIES}` : ' --tls-use-os-certs') : ''
  const login = `-h ${sh(host)} -p ${to.port}${trust} -i ${sh(to.clientId)} -u ${sh(to.username)}`
  switch (kind) {
    case 'mosquitto':
      return [
        '# subscribe in one terminal',
        `mosquitto_sub ${login} \\`,
        `  -P '${to.password}' -t '${to.filter}' -v`,
        '',
        '# publish (one connection per client ID: stop the other first)',
        `mosquitto_pub ${login} \\`,
        `  -P '${to.password}' -t '${topic}' -m '{"value":1}'`,
      ].join('\n')
    case 'mqttx':
      return [
        '# Connections → + → New Connection',
        `Host            ${scheme}://${inUrl(to.host)}`,
        `Port            ${to.port}`,
        ...(to.tls ? ['SSL/TLS         on'] : []),
        ...(to.authorities ? ['Certificate     CA or Self signed certificates', `CA File         ${AUTHORITIES}`] : []),
        `Client ID       ${to.clientId}`,
        `Username        ${to.username}`,
        `Password        ${to.password}`,
        'MQTT Version    5.0',
        `# then New Subscription: ${to.filter}`,
      ].join('\n')
    case 'explorer':
      return [
        '# + Connections',
        'Protocol        mqtt://',
        `Host            ${inUrl(to.host)}`,
        `Port            ${to.port}`,
        ...(to.tls ? ['Encryption      on'] : []),
        ...(to.authorities ? [`# ADVANCED → CERTIFICATES → SERVER CERTIFICATE (CA): ${AUTHORITIES}`] : []),
        `Username        ${to.username}`,
        `Password        ${to.password}`,
        '# ADVANCED → MQTT Client ID → BACK → CONNECT',
        `MQTT Client ID  ${to.clientId}`,
      ].join('\n')
    case 'nodered':
      return [
        '# mqtt in → Server: add new mqtt-broker',
        `Server          ${host}`,
        `Port            ${to.port}`,
        ...(to.tls ? ['Use TLS         on'] : []),
        ...(to.authorities ? [`# TLS: add new tls-config → CA Certificate: ${AUTHORITIES}`] : []),
        `Client ID       ${to.clientId}`,
        '# tab Security',
        `Username        ${to.username}`,
        `Password        ${to.password}`,
        '# or download the nodes below: menu → Import',
        `Topic           ${to.filter}`,
      ].join('\n')
    case 'python':
      return [
        '# pip install paho-mqtt',
        'import paho.mqtt.client as mqtt',
        '',
        `client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=${literal(to.clientId)}, protocol=mqtt.MQTTv5)`,
        `client.username_pw_set(${literal(to.username)}, ${literal(to.password)})`,
        ...(to.tls ? [`client.tls_set(${to.authorities ? literal(AUTHORITIES) : ''})`] : []),
        `client.on_connect = lambda c, *_: c.subscribe(${literal(to.filter)}, qos=1)`,
        'client.on_message = lambda c, d, m: print(m.topic, m.payload.decode())',
        `client.connect(${literal(host)}, ${to.port})`,
        'client.loop_forever()',
      ].join('\n')
    case 'javascript':
      return [
        '// npm install mqtt',
        "import mqtt from 'mqtt'",
        ...(to.authorities ? ["import { readFileSync } from 'node:fs'"] : []),
        '',
        `const client = mqtt.connect(${literal(`${scheme}://${inUrl(to.host)}:${to.port}`)}, {`,
        ...(to.authorities ? [`  ca: readFileSync(${literal(AUTHORITIES)}),`] : []),
        `  protocolVersion: 5, clientId: ${literal(to.clientId)},`,
        `  username: ${literal(to.username)}, password: ${literal(to.password)},`,
        '})',
        `client.on('connect', () => client.subscribe(${literal(to.filter)}, { qos: 1 }))`,
        "client.on('message', (topic, payload) => console.log(topic, payload.toString()))",
      ].join('\n')
    case 'java':
      return [
        '// com.hivemq:hivemq-mqtt-client',
        ...(to.authorities
          ? [
              'var store = KeyStore.getInstance("PKCS12");',
              'store.load(null, null);',
              `try (var in = new FileInputStream(${literal(AUTHORITIES)})) {`,
              '    for (var ca : CertificateFactory.getInstance("X.509").generateCertificates(in)) store.setCertificateEntry("ca" + store.size(), ca);',
              '}',
              'var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());',
              'trust.init(store);',
            ]
          : []),
        'var client = MqttClient.builder().useMqttVersion5()',
        `    .serverHost(${literal(host)}).serverPort(${to.port}).identifier(${literal(to.clientId)})`,
        ...(to.tls ? [to.authorities ? '    .sslConfig().trustManagerFactory(trust).applySslConfig()' : '    .sslWithDefaultConfig()'] : []),
        `    .simpleAuth().username(${literal(to.username)}).password(${literal(to.password)}.getBytes(UTF_8)).applySimpleAuth()`,
        '    .buildBlocking();',
        'client.connect();',
        `client.toAsync().subscribeWith().topicFilter(${literal(to.filter)})`,
        '    .callback(m -> System.out.println(m.getTopic() + " " + new String(m.getPayloadAsBytes(), UTF_8))).send();',
      ].join('\n')
  }
}

export interface Token {
  kind: 'comment' | 'string' | 'flag' | 'plain'
  text: string
}

/** Colours for one line: comments, strings and command flags. */
export function highlight(line: string): Token[] {
  if (/^\s*(#|\/\/)/.test(line)) return [{ kind: 'comment', text: line }]
  const tokens: Token[] = []
  let end = 0
  for (const match of line.matchAll(/'[^']*'|"(?:[^"\\]|\\.)*"|(?<=\s)-{1,2}[A-Za-z]+(?=\s)/g)) {
    if (match.index > end) tokens.push({ kind: 'plain', text: line.slice(end, match.index) })
    tokens.push({ kind: match[0].startsWith('-') ? 'flag' : 'string', text: match[0] })
    end = match.index + match[0].length
  }
  if (end < line.length) tokens.push({ kind: 'plain', text: line.slice(end) })
  return tokens
}

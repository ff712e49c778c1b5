import { describe, expect, it } from 'vitest'
import type { Schemas } from '../../api/client'
import { connectionTo, endpointFor, exampleTopic, highlight, snippet, SNIPPETS, type Connection } from './snippets'

const to: Connection = {
  host: '127.0.0.1',
  port: 1883,
  clientId: 'unsabcdefghijkl',
  username: 'uabcdefghijkl',
  password: 'Vb7mQ2xk98HduPz4LrT6Vb7mQ2xk',
  filter: 'acme/north/#',
}

describe('snippet', () => {
  it.each(SNIPPETS)('names address and the three secrets: %s', (kind) => {
    const text = snippet(kind, to)

    for (const part of [to.host, String(to.port), to.clientId, to.username, to.password]) expect(text).toContain(part)
  })

  it.each(['::1', '[::1]'])('brackets an address of IPv6 in URLs and nowhere else: %s', (host) => {
    const lines = SNIPPETS.flatMap((kind) => snippet(kind, { ...to, host }).split('\n')).filter((line) => line.includes('::1'))

    expect(lines.map((line) => line.trim().replace(/ +/g, ' '))).toEqual([
      expect.stringMatching(/^mosquitto_sub -h ::1 -p 1883 /),
      expect.stringMatching(/^mosquitto_pub -h ::1 -p 1883 /),
      'Host mqtt://[::1]',
      'Host [::1]',
      'Server ::1',
      'client.connect("::1", 1883)',
      'const client = mqtt.connect("mqtt://[::1]:1883", {',
      expect.stringMatching(/^\.serverHost\("::1"\)\.serverPort\(1883\)/),
    ])
  })

  it.each(SNIPPETS)('names the file of a private authority, and nothing of TLS without: %s', (kind) => {
    expect(snippet(kind, { ...to, tls: true, authorities: true })).toContain('busbar-ca.crt')
    expect(snippet(kind, { ...to, tls: true })).not.toContain('busbar-ca.crt')
    expect(snippet(kind, to)).not.toMatch(/tls|mqtts|busbar-ca/i)
  })

  it('is encrypted where the address is', () => {
    const lines = SNIPPETS.flatMap((kind) => snippet(kind, { ...to, tls: true }).split('\n')).filter((line) => /tls|ssl|mqtts|encryption/i.test(line))

    expect(lines.map((line) => line.trim().replace(/ +/g, ' '))).toEqual([
      expect.stringMatching(/^mosquitto_sub .* --tls-use-os-certs /),
      expect.stringMatching(/^mosquitto_pub .* --tls-use-os-certs /),
      'Host mqtts://127.0.0.1',
      'SSL/TLS on',
      'Encryption on',
      'Use TLS on',
      'client.tls_set()',
      'const client = mqtt.connect("mqtts://127.0.0.1:1883", {',
      '.sslWithDefaultConfig()',
    ])
  })

  it('quotes for the shell what the shell would read', () => {
    expect(snippet('mosquitto', { ...to, clientId: "it's" })).toContain(`-i 'it'\\''s'`)
  })

  it('publishes to a topic, never to a wildcard', () => {
    expect(exampleTopic('acme/+/line/#')).toBe('acme/any/line/test')
    expect(snippet('mosquitto', to)).toContain("-t 'acme/north/test' -m")
  })
})

describe('endpointFor', () => {
  const endpoint = (scheme: Schemas['Endpoint']['scheme'], port: number, reach: Schemas['Endpoint']['reach'] = 'DIRECT', state: Schemas['Endpoint']['state'] = 'LISTENING'): Schemas['Endpoint'] => ({
    scheme,
    url: `${scheme}://plant:${port}`,
    host: 'plant',
    port,
    path: '',
    tls: scheme === 'mqtts' || scheme === 'wss',
    state,
    error: null,
    reach,
    certificateExpiresAt: null,
    authorities: scheme === 'mqtts' ? 'PEM' : null,
    turnOn: null,
  })

  it('prefers what listens and can be reached, then TLS, then no WebSocket', () => {
    const all = [endpoint('mqtt', 1884, 'PROXY_ONLY'), endpoint('mqtt', 1883, 'SERVER_ONLY'), endpoint('mqtts', 8883, 'DIRECT', 'FAILED'), endpoint('ws', 8083)]

    expect(endpointFor(all)?.port).toBe(8083)
    expect(endpointFor(all, 'mqtt', 'mqtts')?.port).toBe(1883)
    expect(endpointFor([...all, endpoint('mqtt', 1885), endpoint('wss', 8084)])?.port).toBe(1885)
    expect(endpointFor([...all, endpoint('mqtt', 1885), endpoint('mqtts', 8885)])?.port).toBe(8885)
    expect(endpointFor([])).toBeUndefined()
  })

  it('tells how to connect there', () => {
    expect(connectionTo(endpoint('mqtts', 8883), to)).toEqual({ ...to, host: 'plant', port: 8883, tls: true, authorities: true })
    expect(connectionTo(undefined, to)).toMatchObject({ host: '127.0.0.1', port: 1883, tls: false, authorities: false })
  })
})

describe('highlight', () => {
  it('tells comments, strings and flags apart without losing a character', () => {
    const line = `mosquitto_sub -h host --cafile 'a b' "c" \\`
    const tokens = highlight(line)

    expect(tokens.map((token) => token.text).join('')).toBe(line)
    expect(tokens.filter((token) => token.kind === 'flag').map((token) => token.text)).toEqual(['-h', '--cafile'])
    expect(tokens.filter((token) => token.kind === 'string').map((token) => token.text)).toEqual(["'a b'", '"c"'])
    expect(highlight('# x')[0]!.kind).toBe('comment')
  })
})

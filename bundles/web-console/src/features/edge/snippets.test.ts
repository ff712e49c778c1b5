import { describe, expect, it } from 'vitest'
import { exampleTopic, highlight, snippet, SNIPPETS, type Connection } from './snippets'

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

  it('quotes for the shell what the shell would read', () => {
    expect(snippet('mosquitto', { ...to, clientId: "it's" })).toContain(`-i 'it'\\''s'`)
  })

  it('publishes to a topic, never to a wildcard', () => {
    expect(exampleTopic('acme/+/line/#')).toBe('acme/any/line/test')
    expect(snippet('mosquitto', to)).toContain("-t 'acme/north/test' -m")
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

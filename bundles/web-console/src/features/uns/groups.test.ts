import { describe, expect, it } from 'vitest'
import { byCode, clustersOf, csvOf, filtered, keyOf, sorted, type Group } from './groups'

const NONE = { q: '', code: '', state: '', publisher: '', since: 0 }

function group(topic: string, over: Partial<Omit<Group, 'last'>> & { last?: Partial<Group['last']> } = {}): Group {
  const { last, ...rest } = over
  return {
    topic,
    nodeId: topic,
    path: topic,
    validation: 'OBSERVE',
    violating: true,
    healedAt: null,
    publisher: { credentialId: 'c', description: 'Gateway', clientId: 'gw', address: '10.0.0.7:1' },
    count: 1,
    firstAt: '2026-11-23T08:00:00Z',
    ...rest,
    last: { code: 'RANGE', field: 'speed', type: 'NUMBER', found: '140', expected: 'at most 120', expectation: { kind: 'AT_MOST', value: '120' }, reason: '140 (expected: at most 120)', why: null, at: '2026-11-23T08:16:00Z', ...last },
  }
}

describe('violations of all topics', () => {
  const a = group('line/a', { count: 4 })
  const b = group('line/b', { violating: false, healedAt: '2026-11-23T09:00:00Z', last: { at: '2026-11-23T08:20:00Z' } })
  const c = group('other/c', { last: { code: 'REQUIRED', field: 'part', expectation: null, found: null, reason: 'is missing', at: '2026-11-22T08:00:00Z' } })

  it('each have a key of their own: topic, publisher, code and field', () => {
    expect(new Set([a, b, c, group('line/a', { publisher: { ...a.publisher, clientId: 'gw-2' } })].map(keyOf)).size).toBe(4)
    expect(keyOf(group('line/a', { count: 9 }))).toBe(keyOf(a))
  })

  it('are found by any word, and narrowed by code, state and time', () => {
    const all = [a, b, c]
    expect(filtered(all, { ...NONE, q: 'OTHER part' })).toEqual([c])
    expect(filtered(all, { ...NONE, q: 'at most 120' })).toEqual([a, b])
    expect(filtered(all, { ...NONE, code: 'REQUIRED' })).toEqual([c])
    expect(filtered(all, { ...NONE, state: 'HEALED' })).toEqual([b])
    expect(filtered(all, { ...NONE, state: 'OPEN' })).toEqual([a, c])
    expect(filtered(all, { ...NONE, since: Date.parse('2026-11-23T00:00:00Z') })).toEqual([a, b])
    expect(filtered(all, { ...NONE, publisher: 'Gateway' })).toEqual(all)
  })

  it('are sorted both ways', () => {
    expect(sorted([a, b, c], '-at')).toEqual([b, a, c])
    expect(sorted([a, b, c], 'at')).toEqual([c, a, b])
    expect(sorted([b, c, a], '-count')[0]).toBe(a)
  })

  it('are counted by code, in messages', () => {
    expect(byCode([a, b, c])).toEqual([
      { code: 'RANGE', count: 5 },
      { code: 'REQUIRED', count: 1 },
    ])
  })

  it('that are alike are one cluster, whatever their topics', () => {
    const clusters = clustersOf([a, b, c, group('line/d', { last: { expectation: { kind: 'AT_MOST', value: '90' } } })])

    expect(clusters.map(({ groups, count, violating }) => [groups.length, count, violating])).toEqual([
      [2, 5, 1],
      [1, 1, 1],
      [1, 1, 1],
    ])
    expect(clusters[0]!.head).toBe(b)
  })

  it('as a table are text, also what looks like a formula', () => {
    const [head, row] = csvOf([group('=1+1', { publisher: { ...a.publisher, description: 'Say "hi", you' } })]).split('\r\n')

    expect(head).toContain('topic,path')
    expect(row).toContain("'=1+1")
    expect(row).toContain('"Say ""hi"", you"')
  })
})

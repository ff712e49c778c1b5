import { describe, expect, it } from 'vitest'
import { describeAccess, exampleFilter, filterProblem, missingRule, proposedFilters, rulesFor, withRule } from './access'

describe('describeAccess', () => {
  it.each([
    [rulesFor('BOTH', ['#']), 'Read and write · all topics'],
    [rulesFor('PUBLISH', ['acme/north/press/#']), 'Publish · acme/north/press/#'],
    [rulesFor('SUBSCRIBE', ['a', 'b']), 'Read · 2 topic filters'],
    [[], 'No access'],
    [[...rulesFor('BOTH', ['a/#']), { effect: 'DENY' as const, action: 'PUBLISH' as const, filter: 'a/x' }], 'Read and write · a/# · 1 deny rule'],
  ])('says it in one line: %j', (rules, text) => {
    expect(describeAccess(rules)).toBe(text)
  })
})

describe('missingRule', () => {
  it.each([
    ['PUBLISH_DENIED' as const, 'a/b', { effect: 'ALLOW', action: 'PUBLISH', filter: 'a/b' }],
    ['WILL_DENIED' as const, 'a/will', { effect: 'ALLOW', action: 'PUBLISH', filter: 'a/will' }],
    ['SUBSCRIBE_DENIED' as const, 'a/#', { effect: 'ALLOW', action: 'SUBSCRIBE', filter: 'a/#' }],
    ['SUBSCRIBE_DENIED' as const, '$share/group/a/+', { effect: 'ALLOW', action: 'SUBSCRIBE', filter: 'a/+' }],
    ['PUBLISH_DENIED' as const, 'by/%c/%u/%d', { effect: 'ALLOW', action: 'PUBLISH', filter: 'by/%#c/%#u/%d' }],
    ['SUBSCRIBE_DENIED' as const, '$share/%c/%u/#', { effect: 'ALLOW', action: 'SUBSCRIBE', filter: '%#u/#' }],
    ['EXPIRED' as const, null, undefined],
    ['PUBLISH_DENIED' as const, 'very/long/…', undefined],
  ])('%s of %s', (cause, topic, rule) => {
    expect(missingRule({ cause, topic })).toEqual(rule)
  })

  it('is added once', () => {
    const wanted = { effect: 'ALLOW' as const, action: 'PUBLISH' as const, filter: 'a/b' }
    const rules = withRule([], wanted)
    expect(rules).toEqual([wanted])
    expect(withRule(rules, wanted)).toBe(rules)
    expect(withRule([{ ...wanted, action: 'BOTH' }], wanted)).toHaveLength(1)
    expect(withRule(rules, undefined)).toBe(rules)
  })
})

describe('proposedFilters', () => {
  it('is what the namespace has, and everything only while it is empty', () => {
    expect(proposedFilters([])).toEqual(['#'])
    expect(proposedFilters([{ name: 'acme', type: 'PATH' }, { name: 'status', type: 'TOPIC' }])).toEqual(['acme/#', 'status'])
    expect(proposedFilters([{ name: '%c', type: 'PATH' }])).toEqual(['%#c/#'])
    expect(proposedFilters(Array.from({ length: 9 }, (_, at) => ({ name: `p${at}`, type: 'PATH' as const })))).toEqual(['#'])
  })

  it('lets whoever may read all of it read the state of the broker', () => {
    expect(rulesFor('BOTH', ['acme/#'], true).at(-1)?.filter).toBe('$SYS/broker/#')
    expect(rulesFor('PUBLISH', ['acme/#'], true)).toHaveLength(1)
  })
})

it('exampleFilter has the names of the credential in it', () => {
  const names = { clientId: 'uns1', username: 'u1' }
  expect(exampleFilter({ ...names, acl: rulesFor('BOTH', ['%u/%c/#']) })).toBe('u1/uns1/#')
  expect(exampleFilter({ ...names, acl: rulesFor('BOTH', ['%#u/%c/100%']) })).toBe('%u/uns1/100%')
  expect(exampleFilter({ ...names, acl: [] })).toBe('#')
})

describe('filterProblem', () => {
  it.each(['#', '+', 'a/+/b', 'a/b/#', '/a', '$SYS/#', '%c/state', 'by/%#c', 'ü'.repeat(1024)])('takes %s', (filter) => {
    expect(filterProblem(filter)).toBeUndefined()
  })

  it.each(['', ' ', 'a\u0007b', '%#+', 'a/#/b', 'a#', 'a/b+', 'x'.repeat(1025)])('refuses %s', (filter) => {
    expect(filterProblem(filter)).toBeDefined()
  })
})

import { describe, expect, it } from 'vitest'
import { describeAccess, filterProblem, rulesFor } from './access'

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

describe('filterProblem', () => {
  it.each(['#', '+', 'a/+/b', 'a/b/#', '/a', '$SYS/#', '%c/state'])('takes %s', (filter) => {
    expect(filterProblem(filter)).toBeUndefined()
  })

  it.each(['', 'a/#/b', 'a#', 'a/b+', 'x'.repeat(1025)])('refuses %s', (filter) => {
    expect(filterProblem(filter)).toBeDefined()
  })
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Schemas } from '../../api/client'
import { setLanguage, t } from '../../i18n'
import { fateText, remarkText, rulingText, sumsOf, toneOf } from './explain'

const receiver = (fate: Schemas['Fate'], parameters: Record<string, string> = {}, over: Partial<Schemas['Receiver']> = {}) =>
  ({ clientId: 'c', fate, parameters, text: 'the server says so', remarks: [], outcome: 'MISSED', ...over }) as unknown as Schemas['Receiver']

it('a filter that does not match is told by the level that differs, wherever one of the two ends', () => {
  expect(fateText(receiver('FILTER_DOES_NOT_MATCH', { filter: 'a/x', level: '2', expected: 'x', found: 'b' }))).toContain("its level 2 is 'x', the topic has 'b'")
  expect(fateText(receiver('FILTER_DOES_NOT_MATCH', { filter: 'a/b/c', level: '3', expected: 'c' }))).toContain("the topic ends before its level 3, 'c'")
  expect(fateText(receiver('FILTER_DOES_NOT_MATCH', { filter: 'a', level: '2', found: 'b' }))).toContain("ends before level 2 of the topic, 'b'")
})

it('sizes, times and causes are written as people write them', () => {
  expect(fateText(receiver('TOO_LARGE', { bytes: '4096', maxBytes: '1024' }))).toBe('The packet has 4 KB, and the client takes at most 1 KB.')
  expect(fateText(receiver('CONNECT_REFUSED', { cause: 'DISABLED', at: '1000' }))).not.toContain('DISABLED')
  expect(fateText(receiver('KEPT', { since: '1000' }))).toBe('The client is away; it is kept until it comes back.')
})

it('what the server does not say in full, or in a code that is not known, is left in its words', () => {
  expect(fateText(receiver('QUEUE_FULL', { messages: '1' }))).toBe('the server says so')
  expect(fateText(receiver('NEW_FATE' as Schemas['Fate']))).toBe('the server says so')
  expect(remarkText({ code: 'NEW' as never, parameters: {}, text: 'a remark' })).toBe('a remark')
})

it('a rule is named with its place; without one it is said that none allows it', () => {
  expect(rulingText({ allowed: false, rule: { effect: 'DENY', action: 'SUBSCRIBE', filter: 'plant/#' }, position: 2, detail: 'x' })).toBe('rule 2: Deny Read plant/#')
  expect(rulingText({ allowed: false, rule: null, position: null, detail: 'no rule allows to subscribe here' })).toBe('no rule allows it')
  expect(rulingText({ allowed: false, rule: null, position: null, detail: 'the directory says no' })).toBe('the directory says no')
})

describe('in Chinese', () => {
  beforeEach(async () => {
    setLanguage('zh-CN')
    await vi.waitFor(() => expect(t('cancel')).toBe('取消'))
  })
  afterEach(async () => {
    setLanguage('en')
    await vi.waitFor(() => expect(t('cancel')).toBe('Cancel'))
  })

  it('is told in the language of the console', () => {
    expect(fateText(receiver('NO_SUBSCRIPTIONS'))).toBe('没有任何订阅。')
  })
})

it('a lowered QoS is a warning, another member a matter of course, a message that is missed an error', () => {
  const lowered = { code: 'QOS_LOWERED', parameters: {}, text: '' } as Schemas['ReceiverRemark']
  expect(toneOf({ outcome: 'DELIVERED', remarks: [lowered] })).toBe('warn')
  expect(toneOf({ outcome: 'DELIVERED', remarks: [] })).toBe('ok')
  expect(toneOf({ outcome: 'NOT_MEANT', remarks: [] })).toBe('neutral')
  expect(toneOf({ outcome: 'MISSED', remarks: [] })).toBe('err')
})

it('sums up who gets it', () => {
  expect(sumsOf({ fates: { SENT: 3, KEPT: 1, NOT_ITS_TURN: 2, NO_RIGHTS: 1 }, lowered: 1 } as unknown as Schemas['Audience'])).toEqual({ reached: 4, missed: 1, notMeant: 2, lowered: 1 })
})

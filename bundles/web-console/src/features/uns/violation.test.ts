import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Schemas } from '../../api/client'
import { setLanguage, t } from '../../i18n'
import { violationText } from './violation'

const violation = (over: Partial<Schemas['Violation']>): Schemas['Violation'] => ({
  code: 'RANGE',
  field: 'speed',
  type: 'NUMBER',
  found: '140',
  expected: 'at most 120',
  expectation: { kind: 'AT_MOST', value: '120' },
  reason: '140 (expected: at most 120)',
  why: null,
  at: '2026-11-23T08:16:00Z',
  ...over,
})

it('is the same sentence in English', () => {
  expect(violationText(violation({}))).toBe('140 (expected: at most 120)')
})

it('of a code or an expectation that is not known is what the server says', () => {
  expect(violationText(violation({ code: 'NEW' as 'RANGE' }))).toBe('140 (expected: at most 120)')
  expect(violationText(violation({ expectation: { kind: 'NEW' as 'AT_MOST', value: '' } }))).toBe('140 (expected: at most 120)')
  expect(violationText(violation({ code: 'TIMESTAMP', found: null, expectation: null, reason: 'a time before 1971' }))).toBe('a time before 1971')
})

it('of a payload that cannot be read has the words for its reason', () => {
  expect(violationText(violation({ code: 'FORMAT', field: null, found: null, expectation: null, why: { code: 'PAYLOAD_CUT_OFF', parameters: { byte: '9' } }, reason: 'the payload is cut off (at byte 9)' }))).toBe('The payload is cut off at byte 9.')
})

it('of messages that come too fast says how many may come', () => {
  const tooFast = violation({ code: 'RATE', field: null, type: null, found: null, expectation: { kind: 'AT_MOST', value: '10' }, reason: 'messages come too fast (expected: at most 10 a second)' })
  expect(violationText(tooFast)).toBe(tooFast.reason)
})

it('does not look into what arrived', () => {
  expect(violationText(violation({ found: '"{expected}"', code: 'TYPE', expectation: { kind: 'NUMBER', value: '' } }))).toBe('"{expected}" (expected: a number)')
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

  it('has no English words', () => {
    expect(violationText(violation({}))).toBe('140（应为：至多 120）')
    expect(violationText(violation({ code: 'REQUIRED', found: null, expectation: null, reason: 'is missing' }))).toBe('缺失')
    expect(violationText(violation({ code: 'RANGE', found: '1e9999999999', expectation: null, reason: '1e9999999999 is out of any range' }))).toBe('1e9999999999 超出任何范围')
    expect(violationText(violation({ code: 'TIMESTAMP', found: null, expectation: { kind: 'TIME_IN_RANGE', value: '' }, reason: 'a time before 1971 or after 2500' }))).toBe('时间不可用（应为：1971 年至 2500 年之间的时间）')
    expect(violationText(violation({ code: 'FORMAT', found: null, expectation: null, why: { code: 'PAYLOAD_EMPTY', parameters: {} }, reason: 'the payload is empty' }))).toBe('负载为空。')
    expect(violationText(violation({ code: 'TYPE', found: '"hot"', expectation: { kind: 'WHOLE_NUMBER', value: '' } }))).toBe('"hot"（应为：不带小数的数字）')
  })
})

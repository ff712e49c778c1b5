import { afterEach, describe, expect, it } from 'vitest'
import { toError } from '../api/client'
import { setLanguage, t } from '.'
import { en } from './en'
import { zh } from './zh'

const problem = (type: string, more: object = {}) => ({ type: `urn:busbar:problem:${type}`, title: 'Title', status: 400, detail: 'What the server says.', ...more })

afterEach(() => setLanguage('en'))

/** Loading a language takes a moment. */
async function speak(language: 'en' | 'zh-CN', key: 'cancel', text: string): Promise<void> {
  setLanguage(language)
  await expect.poll(() => t(key)).toBe(text)
}

describe('what the server refuses', () => {
  it('is said in the words of the console, with what the server names', () => {
    const error = toError(404, problem('not-found', { parameters: { kind: 'node', name: 'a/b' } }))

    expect(error.message).toContain('a/b')
    expect(error.message).not.toContain('What the server says')
  })

  it('is said in Chinese to those who read Chinese', async () => {
    await speak('zh-CN', 'cancel', zh.cancel)

    expect(toError(403, problem('forbidden')).message).toBe(zh['problem.forbidden'])
    expect(toError(422, problem('validation', { errors: [{ pointer: '/description', field: 'description', code: 'length', message: 'description has 300 characters', parameters: { min: '1', max: '255' } }] })).field('description')).toBe('1 至 255 个字符。')
  })

  it.each([
    ['validation', { errors: [{ pointer: '/x', field: 'x', code: 'pattern', message: 'x is not like that' }] }, 'x is not like that'],
    ['not-found', {}, 'What the server says.'],
    ['unavailable', { parameters: { kind: 'something new' } }, 'What the server says.'],
    ['something-new', {}, 'What the server says.'],
  ])('is the server’s sentence when nothing else is known: %s', (type, more, text) => {
    expect(toError(400, problem(type, more)).message).toBe(text)
  })

  it('names the bundle that does not run', () => {
    expect(toError(503, problem('unavailable', { parameters: { bundle: 'io.busbar.uns' } })).message).toContain('io.busbar.uns')
  })
})

it('both languages have the same keys', () => {
  expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort())
})

import { describe, expect, it } from 'vitest'
import { boundText, draftOf, emptyField, fieldOf, fieldProblem, listOf, listText, oddPath, pathLike, pathProblem, topicFor, wholeOrNull } from './model'

describe('topicFor', () => {
  it.each([
    ['AuroraDairy/Lyon', 'process', 'METRIC', 'AuroraDairy/Lyon/Metric/process'],
    ['AuroraDairy/Lyon/Metric', 'process', 'METRIC', 'AuroraDairy/Lyon/Metric/process'],
    ['AuroraDairy/Lyon/Metric', 'mode', 'STATE', 'AuroraDairy/Lyon/Metric/State/mode'],
    ['', 'x', 'ACTION', 'Action/x'],
  ] as const)('%s + %s as %s → %s', (parent, name, type, topic) => {
    expect(topicFor(parent, name, type)).toBe(topic)
  })
})

describe('a bound', () => {
  it.each([
    ['', null],
    [' ', null],
    ['0', 0],
    ['1000', 1000],
    ['2.7', 2],
    ['-1', 0],
  ])('typed as "%s" is %s', (text, value) => {
    expect(wholeOrNull(text)).toBe(value)
  })

  it('of 0 is none', () => {
    expect(boundText(0, String)).toBe('no bound')
    expect(boundText(7, String)).toBe('7')
  })
})

describe('pathProblem', () => {
  it.each(['Plant', 'Werk Süd/Línea 1/工厂', 'a.b-c_d', 'x'.repeat(63), 'ns=2;s=Tag[0]/Pump (old)/load%/T °C', 'de:bus:0.1'])('takes %s', (path) => {
    expect(pathProblem(path)).toBeUndefined()
  })

  it.each(['', 'a//b', 'a/', '/a', '.', 'a/..', '$SYS', ' a', 'a ', 'a+b', 'a#', 'a\u00A0b', 'a\u200Bb', 'a\u202Eb', 'a\tb', 'a\uFE0F', 'a\uFFFEb', 'x'.repeat(64), Array.from({ length: 17 }, () => 'a').join('/')])('refuses "%s"', (path) => {
    expect(pathProblem(path)).toBeDefined()
  })
})

describe('a node with a name of before', () => {
  it('takes new ones below it', () => {
    expect(pathProblem('plant/sun\uFE0F/new', 'plant/sun\uFE0F')).toBeUndefined()
    expect(pathProblem('plant/sun\uFE0F/new\uFE0F', 'plant/sun\uFE0F')).toBeDefined()
    expect(pathProblem('plant/sun\uFE0F/', 'plant/sun\uFE0F')).toBeDefined()
  })

  it('is as far as the last name that a new one cannot have', () => {
    expect(oddPath('plant/sun\uFE0F/line/rain\uFE0F/new')).toBe('plant/sun\uFE0F/line/rain\uFE0F')
    expect(oddPath('plant/line')).toBeUndefined()
    expect(oddPath('a//b')).toBeUndefined()
  })
})

describe('pathLike', () => {
  it.each([
    ['/lead/a', 'lead/a'],
    ['trail/', 'trail'],
    ['a//b', 'a/b'],
    ['a/ b\u00A0c /\u200B', 'a/b c'],
    ['homie/d1/$state', 'homie/d1/_state'],
    ['a/../b', 'a/_/b'],
    ['Gro\u0308ße', 'Größe'],
    [`a/${'x'.repeat(80)}`, `a/${'x'.repeat(63)}`],
    [Array.from({ length: 20 }, (_, n) => n).join('/'), '0/1/2/3/4/5/6/7/8/9/10/11/12/13/14/19'],
    ['plant/Pump (old)', 'plant/Pump (old)'],
  ])('%s → %s', (topic, path) => {
    expect(pathLike(topic)).toBe(path)
    expect(pathProblem(path)).toBeUndefined()
  })
})

describe('field', () => {
  it('survives the way into the form and back', () => {
    const field = fieldOf({ ...emptyField(), name: 'temp_c', type: 'DOUBLE', unit: 'CEL', min: '-10', max: '150', decimals: '2', required: true, source: 'process.temp' })

    expect(fieldOf(draftOf(field))).toEqual(field)
    expect(field).toMatchObject({ min: -10, max: 150, decimals: 2, unit: 'CEL', required: true, enum: null })
  })

  it.each([
    [['RUN', 'STOP']],
    [['a, b', 'c']],
    [['say "hi"', '"', '']],
    [[' spaced ', 'x']],
    [[',', ',,']],
  ])('keeps the texts %j of an enum', (texts) => {
    const field = fieldOf({ ...emptyField(), name: 'mode', type: 'ENUM', values: listText(texts) })

    expect(field.enum).toEqual(texts)
    expect(fieldOf(draftOf(field))).toEqual(field)
  })

  it.each([
    ['RUN, STOP,IDLE', ['RUN', 'STOP', 'IDLE']],
    [' RUN ,, STOP , ', ['RUN', 'STOP']],
    ['', []],
    ['5" pipe, x', ['5" pipe', 'x']],
    ['"open, x', ['"open', 'x']],
  ])('reads the texts that are typed as %s', (typed, texts) => {
    expect(listOf(typed)).toEqual(texts)
  })

  it('keeps limits that a browser would round', () => {
    const field = fieldOf({ ...emptyField(), name: 'id', type: 'LONG', min: '-9223372036854775808', max: '9223372036854775807' })

    expect(field).toMatchObject({ min: '-9223372036854775808', max: '9223372036854775807' })
    expect(fieldOf(draftOf(field))).toEqual(field)
    expect(fieldProblem({ ...draftOf(field) }, [])).toBeUndefined()
  })

  it.each(['温度', 'Größe', 'PM2.5', 'DS18S20-1', '1-0:1.8.0', '_id', 'a b/c'])('may be called %s', (name) => {
    expect(fieldProblem({ ...emptyField(), name }, [])).toBeUndefined()
  })

  it('has a name of 255 characters at most, however they are written', () => {
    expect(fieldProblem({ ...emptyField(), name: '😀'.repeat(255) }, [])).toBeUndefined()
    expect(fieldProblem({ ...emptyField(), name: 'x'.repeat(256) }, [])).toContain('255')
  })

  it('is called the same in every Unicode normal form', () => {
    const composed = { ...emptyField(), name: 'Größe' }

    expect(fieldOf({ ...emptyField(), name: ' Gro\u0308ße ' }).name).toBe('Größe')
    expect(fieldProblem({ ...emptyField(), name: 'Gro\u0308ße' }, [composed])).toContain('twice')
  })

  it('may keep a name of before that no new one could have', () => {
    const old = draftOf(fieldOf({ ...emptyField(), name: 'sun\uFE0F' }))

    expect(fieldProblem(old, [old])).toBeUndefined()
    expect(fieldProblem({ ...old, name: 'moon\uFE0F' }, [])).toContain('cannot be seen')
  })

  it('says what is wrong', () => {
    const good = { ...emptyField(), name: 'a' }

    expect(fieldProblem(good, [good])).toBeUndefined()
    expect(fieldProblem({ ...good, name: 'a\u200Bb' }, [])).toContain('cannot be seen')
    expect(fieldProblem({ ...good, key: 99 }, [good])).toContain('twice')
    expect(fieldProblem({ ...good, min: '5', max: '1' }, [])).toContain('Min')
    expect(fieldProblem({ ...good, min: 'x' }, [])).toContain('not a number')
    expect(fieldProblem({ ...good, type: 'ENUM' }, [])).toContain('allowed value')
    expect(fieldProblem({ ...good, type: 'OBJECT' }, [], true)).toContain('OBJECT')
    expect(fieldProblem({ ...good, type: 'OBJECT' }, [])).toBeUndefined()
  })
})

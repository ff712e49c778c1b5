import { expect, test } from 'vitest'
import { Program, startGuard } from './processes'
import { within } from './wait'

test('a guard whose input ends kills the processes that it knows, and no other', async () => {
  const [left, ended, foreign] = [new Program('sleep', ['60']), new Program('sleep', ['60']), new Program('sleep', ['60'])]
  const guard = startGuard()
  guard.write(`+${left.pid}\n+${ended.pid}\n-${ended.pid}\n`)

  guard.end()

  expect(await within(10_000, 'the process is killed', left.exited)).toEqual({ code: null, signal: 'SIGKILL' })
  expect([ended.exit, foreign.exit]).toEqual([undefined, undefined])
  await Promise.all([ended.kill(), foreign.kill()])
})

test('a program that ends is told with its code and all that it printed', async () => {
  const program = new Program('sh', ['-c', 'echo one; echo two >&2; printf three; exit 4'])

  expect(await program.exited).toEqual({ code: 4, signal: null })
  expect(program.lines.toSorted()).toEqual(['one', 'three', 'two'])
})

test('a program that is not there ends with an error', async () => {
  const program = new Program('no-such-program', [])

  expect((await program.exited).code).toBe(-1)
  expect(program.output).toContain('ENOENT')
})

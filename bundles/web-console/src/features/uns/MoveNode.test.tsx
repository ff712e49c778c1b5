import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it, vi } from 'vitest'
import { api, type Schemas } from '../../api/client'
import { MoveNode, type Moving } from './MoveNode'

const press: Moving['node'] = { id: '1', path: 'Plant/Line_1/Press', name: 'Press', type: 'PATH', topicType: null, topicCount: 3 }
const temp: Moving['node'] = { id: '2', path: 'Plant/Press/Metric/temp', name: 'temp', type: 'TOPIC', topicType: 'METRIC', topicCount: 1 }
const there = { id: '1', path: 'Hall/Press' } as Schemas['Node']

const post = vi.fn()

beforeEach(() => {
  post.mockReset().mockResolvedValue({ data: there, response: new Response(null, { status: 200 }) })
  vi.spyOn(api, 'POST').mockImplementation(post as never)
  vi.spyOn(api, 'GET').mockResolvedValue({ error: { title: 'gone', status: 404 }, response: new Response(null, { status: 404 }) } as never)
})

function show(moving: Moving) {
  const onDone = vi.fn()
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MoveNode moving={moving} onClose={() => undefined} onDone={onDone} />
    </QueryClientProvider>,
  )
  return { onDone, parent: screen.getByTestId<HTMLInputElement>('move-parent'), name: screen.getByTestId<HTMLInputElement>('move-name') }
}

const sent = () => (post.mock.lastCall as unknown as [string, { body: unknown }])

it('a path goes where it is said, and its topics stay unless that is not wanted', async () => {
  const { onDone, parent } = show({ node: press, how: 'move' })
  expect(parent.value).toBe('Plant/Line_1')
  await userEvent.clear(parent)
  await userEvent.type(parent, '/Hall/')
  expect(screen.getByTestId('move-result').textContent).toContain('Hall/Press')

  await userEvent.click(screen.getByTestId('move-save'))

  await waitFor(() => expect(onDone).toHaveBeenCalledWith(there))
  expect(sent()).toEqual(['/namespace/nodes/{id}/move', { params: { path: { id: '1' } }, body: { parentPath: 'Hall', name: 'Press', keepTopics: true } }])
  await userEvent.click(screen.getByTestId('move-keep'))
  await userEvent.click(screen.getByTestId('move-save'))
  expect(sent()[1].body).toEqual({ parentPath: 'Hall', name: 'Press', keepTopics: false })
})

it('the folder of a topic is not asked for', async () => {
  const { parent, name } = show({ node: temp, how: 'move' })
  expect(parent.value).toBe('Plant/Press')
  await userEvent.clear(name)
  await userEvent.type(name, 'heat')

  expect(screen.getByTestId('move-result').textContent).toContain('Plant/Press/Metric/heat')
})

it('nothing is sent for where it is, for what is below itself, and for no name', async () => {
  const { parent, name } = show({ node: press, how: 'move', parent: 'Plant/Line_1' })
  const save = screen.getByTestId('move-save')
  await userEvent.click(save)
  await userEvent.type(parent, '/Press/Inside')
  await userEvent.click(save)
  expect(name.getAttribute('aria-invalid')).toBe('true')
  await userEvent.clear(parent)
  await userEvent.clear(name)
  await userEvent.click(save)

  expect(post).not.toHaveBeenCalled()
})

it('a copy needs another name where its original is', async () => {
  const { name } = show({ node: press, how: 'copy' })
  await userEvent.click(screen.getByTestId('move-save'))
  expect(post).not.toHaveBeenCalled()
  expect(screen.queryByTestId('move-keep')).toBeNull()
  await userEvent.type(name, ' 2')

  await userEvent.click(screen.getByTestId('move-save'))

  expect(sent()).toEqual(['/namespace/nodes/{id}/copy', { params: { path: { id: '1' } }, body: { parentPath: 'Plant/Line_1', name: 'Press 2' } }])
})

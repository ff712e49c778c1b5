import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { Tree } from './Tree'
import { TreeStore, type Row, type TreeNode } from './treestore'

function entry(path: string, facts: Partial<TreeNode> = {}): Row {
  const node = { id: path, path, name: path, type: 'PATH', childCount: 0, topicCount: 0, topicType: null, displayName: null, liveId: null, violations: 0, text: null, ...facts } as unknown as TreeNode
  return { kind: 'node', key: path, node, depth: 0, open: false, position: 1, size: 3 }
}

function show(entries: Row[], store = new TreeStore()) {
  const actions = { onRename: vi.fn(), onDelete: vi.fn(), onMenu: vi.fn(), onSelect: vi.fn() }
  const tree = (shown: Row[]) => <Tree store={store} entries={shown} selected={undefined} {...actions} />
  const { rerender } = render(tree(entries))
  screen.getByRole('tree').focus()
  return { ...actions, change: (shown: Row[]) => rerender(tree(shown)) }
}

const path = (call: unknown[] | undefined) => (call?.[0] as TreeNode | undefined)?.path

it('F2 renames, Delete deletes, and the key for menus shows what else can be done with the row', async () => {
  const { onRename, onDelete, onMenu } = show([entry('a'), entry('b'), entry('c')])

  await userEvent.keyboard('{ArrowDown}{F2}{ArrowDown}{Delete}{ArrowUp}{Shift>}{F10}{/Shift}{ContextMenu}')

  expect(path(onRename.mock.lastCall)).toBe('b')
  expect(path(onDelete.mock.lastCall)).toBe('c')
  expect(onMenu.mock.calls.map(path)).toEqual(['b', 'b'])
})

it('the neighbour takes the place of a row that was deleted', async () => {
  const { onSelect, change } = show([entry('a'), entry('b'), entry('c')])
  await userEvent.keyboard('{ArrowDown}')

  change([entry('a'), entry('c')])
  await userEvent.keyboard('{Enter}')

  expect(onSelect).toHaveBeenCalledWith('c')
})

it('a topic with nodes below it opens and closes; one without does not', async () => {
  // Rows are only drawn where there is room for them.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(280)
  const store = new TreeStore()
  const setOpen = vi.spyOn(store, 'setOpen').mockResolvedValue()
  show([entry('lamp', { type: 'TOPIC', topicType: 'STATE', childCount: 1 }), entry('plug', { type: 'TOPIC', topicType: 'STATE' })], store)

  expect(screen.getByTestId('tree-item-lamp').getAttribute('aria-expanded')).toBe('false')
  expect(screen.getByTestId('tree-item-plug').hasAttribute('aria-expanded')).toBe(false)
  await userEvent.click(screen.getByTestId('tree-toggle'))
  await userEvent.keyboard('{ArrowRight}{ArrowDown}{ArrowRight}')

  expect(setOpen.mock.calls).toEqual([
    ['lamp', true],
    ['lamp', true],
  ])
})

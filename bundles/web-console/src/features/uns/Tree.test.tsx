import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { Tree } from './Tree'
import { TreeStore, type Row, type TreeNode } from './treestore'

function entry(path: string): Row {
  const node = { id: path, path, name: path, type: 'PATH', childCount: 0, topicCount: 0, topicType: null, displayName: null, liveId: null } as unknown as TreeNode
  return { kind: 'node', key: path, node, depth: 0, open: false, position: 1, size: 3 }
}

function show(entries: Row[]) {
  const actions = { onRename: vi.fn(), onDelete: vi.fn(), onMenu: vi.fn(), onSelect: vi.fn() }
  const tree = (shown: Row[]) => <Tree store={new TreeStore()} entries={shown} selected={undefined} {...actions} />
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

import { memo, type ReactNode } from 'react'
import type { Schemas } from '../../api/client'
import { useLiveValue } from '../../api/queries'
import { number, t } from '../../i18n'
import type { Place } from '../../ui/menu'
import { PathIcon, qualityCode, QualityDot, TypeBadge } from './icons'
import { Chevron, TreeList } from './TreeList'
import { isBranch, parentOf, type Row, type TreeNode, type TreeStore } from './treestore'
import { unitSign } from './units'

interface Props {
  store: TreeStore
  entries: Row[]
  selected: string | undefined
  onSelect: (path: string) => void
  /** F2; missing for people who may not change anything, as the next one. */
  onRename?: ((node: TreeNode) => void) | undefined
  /** F6, or dragged onto another node: then with its path. */
  onMove?: ((node: TreeNode, parent?: string) => void) | undefined
  /** The Delete key. */
  onDelete?: ((node: TreeNode) => void) | undefined
  /** The key for menus, Shift F10 or the right button. */
  onMenu: (node: TreeNode, at: Place) => void
}

/** The tree of the namespace. F2 renames, F6 moves, Delete deletes, the key for menus shows what else can be done. */
export function Tree({ store, entries, selected, onSelect, onRename, onMove, onDelete, onMenu }: Props) {
  const toggle = (entry: Row) => {
    if (entry.kind === 'node' && isBranch(entry.node)) void store.setOpen(entry.node.path, !entry.open)
  }
  return (
    <TreeList
      rows={entries}
      selectedKey={selected}
      label={t('uns.tree')}
      testId="uns-tree"
      rowTestId={(entry) => (entry.kind === 'node' ? `tree-item-${entry.node.path}` : entry.kind)}
      content={(entry) => <RowContent entry={entry} onToggle={() => toggle(entry)} />}
      isOpen={(entry) => (entry.kind === 'node' && isBranch(entry.node) ? entry.open : undefined)}
      nameOf={(entry) => (entry.kind === 'node' ? entry.node.name : '')}
      onToggle={toggle}
      onChoose={(entry) => {
        if (entry.kind === 'node') onSelect(entry.node.path)
        else if (entry.kind === 'wait' && entry.error) store.retry(entry.path)
      }}
      onShown={(entry) => {
        if (entry.kind === 'more') void store.loadMore(entry.path)
      }}
      onMenu={(entry, at) => {
        if (entry.kind === 'node') onMenu(entry.node, at)
      }}
      onKey={(key, entry) => {
        if (key !== 'F2' && key !== 'F6' && key !== 'Delete') return false
        const act = { F2: onRename, F6: onMove, Delete: onDelete }[key]
        if (entry.kind === 'node') act?.(entry.node)
        return true
      }}
      onDrop={
        onMove &&
        ((dragged, target) => {
          if (dragged.kind === 'node' && target.kind === 'node') onMove(dragged.node, target.node.path)
        })
      }
      takes={(dragged, target) =>
        dragged.kind === 'node' && target.kind === 'node' && target.node.type === 'PATH' && (target.node.topicType === null || target.node.topicType === dragged.node.topicType) && parentOf(dragged.node.path) !== target.node.path && `${target.node.path}/`.indexOf(`${dragged.node.path}/`) !== 0
      }
    />
  )
}

function RowContent({ entry, onToggle }: { entry: Row; onToggle: () => void }): ReactNode {
  switch (entry.kind) {
    case 'wait':
      return <span className="tree-note">{entry.error ? `${entry.error.message} · ${t('retry')}` : t('loading')}</span>
    case 'more':
      return <span className="tree-note">{t('loading')}</span>
    case 'node':
      return (
        <>
          <Chevron open={entry.open} onToggle={onToggle} hidden={entry.node.childCount === 0} />
          {entry.node.type === 'PATH' ? (
            <>
              <PathIcon type={entry.node.topicType} />
              <span className="tree-name">{entry.node.displayName ?? entry.node.name}</span>
              <span className="tree-count num">{number(entry.node.topicCount)}</span>
            </>
          ) : (
            <TopicContent node={entry.node} />
          )}
        </>
      )
  }
}

/** The only part of the tree that updates with each value: one subscription per row on screen. */
const TopicContent = memo(function TopicContent({ node }: { node: Schemas['TreeNode'] }) {
  const value = useLiveValue(node.liveId)
  const quality = value?.q ?? qualityCode(node.quality)
  const text = value && value.t > 0 ? value.x : node.text
  const violations = value?.w ?? node.violations
  const unit = unitSign(value && value.t > 0 ? value.u : node.unit)
  return (
    <>
      <TypeBadge type={node.topicType} />
      <span className="tree-name">{node.displayName ?? node.name}</span>
      {violations > 0 && <span className="dot dot-warn" role="img" aria-label={t('violations.some')} title={t('violations.some')} />}
      <span className="tree-value mono">{text !== null && quality !== 'N' ? `${text}${unit ? ` ${unit}` : ''}` : ''}</span>
      <QualityDot quality={quality} />
    </>
  )
})

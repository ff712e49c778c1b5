import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { Fragment, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { t } from '../i18n'
import { classes } from './basics'
import { TableScroll } from './tablescroll'

export interface Column<R> {
  id: string
  header: string
  cell: (row: R) => ReactNode
  /** What the server sorts by; without it the column cannot be sorted. */
  sort?: string
  numeric?: boolean
  /** Shown from this width on: 1 always, 2 from 700 px, 3 from 1000 px, 4 from 1240 px. */
  from?: 1 | 2 | 3 | 4
  width?: string
}

interface TableProps<R> {
  label: string
  columns: Column<R>[]
  rows: R[]
  rowKey: (row: R) => string
  rowTestId?: (row: R) => string
  sort: string
  onSort: (sort: string) => void
  onOpen?: (row: R) => void
  /** Called when the last rows come into view and there are more. */
  onMore?: (() => void) | undefined
  /** Told which rows are drawn, as they change. */
  onShown?: (rows: R[]) => void
  /** The row that is looked at. */
  selectedKey?: string | undefined
  /** What is shown below the row that is looked at. */
  detail?: ((row: R) => ReactNode) | undefined
  /** Whether cells have two lines. */
  tall?: boolean
  total: number
  testId: string
}

const ROW_HEIGHT = 40
const TALL_ROW_HEIGHT = 48
/** Fewer rows than this are simply drawn. */
const VIRTUAL_FROM = 80

/**
 * A table whose rows may be many: beyond some dozens only those on screen exist. Sorting is the server's. Arrow keys walk the rows,
 * Enter opens one.
 */
export function Table<R>({ label, columns, rows, rowKey, rowTestId, sort, onSort, onOpen, onMore, onShown, selectedKey, detail, tall, total, testId }: TableProps<R>) {
  const body = useRef<HTMLTableSectionElement>(null)
  const [margin, setMargin] = useState(0)
  const virtual = rows.length >= VIRTUAL_FROM
  const height = tall ? TALL_ROW_HEIGHT : ROW_HEIGHT
  const scroller = () => document.getElementById('main')
  useLayoutEffect(() => {
    const main = scroller()
    if (body.current && main) {
      setMargin(body.current.getBoundingClientRect().top - main.getBoundingClientRect().top + main.scrollTop)
    }
  }, [virtual])
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: scroller,
    estimateSize: () => height,
    overscan: 12,
    scrollMargin: margin,
    enabled: virtual,
  })
  const items = virtualizer.getVirtualItems()
  const first = virtual ? (items[0]?.index ?? 0) : 0
  const last = virtual ? (items.at(-1)?.index ?? -1) : rows.length - 1
  const shown = rows.slice(first, last + 1)

  useEffect(() => {
    if (virtual && last >= rows.length - 20) onMore?.()
  }, [virtual, last, rows.length, onMore])

  useEffect(() => onShown?.(rows.slice(first, last + 1)), [rows, first, last, onShown])

  const walk = (event: KeyboardEvent<HTMLTableRowElement>, row: R) => {
    if (event.target !== event.currentTarget) return
    const rowElement = event.currentTarget
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = (from: Element) => (event.key === 'ArrowDown' ? from.nextElementSibling : from.previousElementSibling)
      let next = step(rowElement)
      while (next instanceof HTMLElement && next.classList.contains('detail-row')) next = step(next)
      if (next instanceof HTMLElement && next.tabIndex === 0) {
        event.preventDefault()
        next.focus()
      }
    } else if (event.key === 'Enter' && onOpen) {
      onOpen(row)
    }
  }

  return (
    <TableScroll label={label}>
      <table className={tall ? 'tall' : undefined} aria-label={label} aria-rowcount={total + 1} data-testid={testId}>
        <thead>
          <tr>
            {columns.map((column) => {
              const down = sort === `-${column.sort}`
              const up = sort === column.sort
              const active = column.sort !== undefined && (down || up)
              return (
                <th
                  key={column.id}
                  scope="col"
                  className={classes(column.numeric && 'numeric', column.from && `from-${column.from}`)}
                  aria-sort={active ? (down ? 'descending' : 'ascending') : undefined}
                  style={column.width ? { width: column.width } : undefined}
                >
                  {column.sort ? (
                    <button type="button" className="sort" onClick={() => onSort(down ? column.sort! : up ? `-${column.sort!}` : `${column.numeric ? '-' : ''}${column.sort!}`)}>
                      {column.header}
                      {active ? down ? <ArrowDown size={13} aria-hidden /> : <ArrowUp size={13} aria-hidden /> : <ArrowDown size={13} className="sort-hint" aria-hidden />}
                    </button>
                  ) : (
                    column.header || <span className="sr">{t('actions')}</span>
                  )}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody ref={body}>
          {first > 0 && (
            <tr aria-hidden className="spacer">
              <td colSpan={columns.length} style={{ height: first * height }} />
            </tr>
          )}
          {shown.map((row, index) => {
            const selected = selectedKey !== undefined && rowKey(row) === selectedKey
            return (
              <Fragment key={rowKey(row)}>
                <tr
                  aria-rowindex={first + index + 2}
                  tabIndex={0}
                  onKeyDown={(event) => walk(event, row)}
                  data-testid={rowTestId?.(row)}
                  className={classes(onOpen && 'opens', selected && 'on') || undefined}
                  onClick={(event) => {
                    if (onOpen && !(event.target as HTMLElement).closest('button,a,[role=menu],[role=dialog],[role=alertdialog]') && !getSelection()?.toString()) onOpen(row)
                  }}
                >
                  {columns.map((column) => (
                    <td key={column.id} className={classes(column.numeric && 'numeric', column.from && `from-${column.from}`, column.header === '' && 'actions')}>
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
                {detail && selected && (
                  <tr className="detail-row">
                    <td colSpan={columns.length}>{detail(row)}</td>
                  </tr>
                )}
              </Fragment>
            )
          })}
          {last < rows.length - 1 && (
            <tr aria-hidden className="spacer">
              <td colSpan={columns.length} style={{ height: (rows.length - 1 - last) * height }} />
            </tr>
          )}
        </tbody>
      </table>
    </TableScroll>
  )
}

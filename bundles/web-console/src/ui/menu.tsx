import { Ellipsis } from 'lucide-react'
import { cloneElement, useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactElement, type ReactNode, type RefObject } from 'react'
import { classes } from './basics'
import { IconButton } from './iconbutton'

export interface MenuItem {
  label: string
  icon?: ReactNode
  onSelect: () => void
  danger?: boolean
  testId?: string
  separated?: boolean
  /** The key that does the same without the menu. */
  keys?: string
}

interface TriggerProps {
  'aria-haspopup'?: 'menu'
  'aria-expanded'?: boolean
  'aria-controls'?: string | undefined
  'data-testid'?: string | undefined
  onClick?: () => void
  onKeyDown?: (event: KeyboardEvent) => void
}

interface MenuProps {
  label: string
  items: MenuItem[]
  /** The button, with a name of its own; three dots named like the menu by default. */
  trigger?: ReactElement<TriggerProps>
  testId?: string
  align?: 'start' | 'end'
  side?: 'top' | 'bottom'
}

/**
 * A menu behind a button, in the browser's top layer: no table cell or dialog cuts it off. Arrow keys, Home, End and letters walk it, Escape
 * and Tab close it, and focus returns to the button.
 */
export function Menu({ label, items, trigger, testId, align = 'end', side = 'bottom' }: MenuProps) {
  const [open, setOpen] = useState<'first' | 'last'>()
  const holder = useRef<HTMLSpanElement>(null)
  const id = useId()
  const button = () => holder.current?.querySelector('button')
  const close = (focus: boolean) => {
    setOpen(undefined)
    if (focus) button()?.focus()
  }
  const toggle = {
    'aria-haspopup': 'menu' as const,
    'aria-expanded': open !== undefined,
    'aria-controls': open ? id : undefined,
    'data-testid': testId,
    onClick: () => setOpen(open ? undefined : 'first'),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
      event.preventDefault()
      setOpen(event.key === 'ArrowDown' ? 'first' : 'last')
    },
  }
  return (
    <span ref={holder} className="menu-holder">
      {trigger ? cloneElement(trigger, toggle) : <IconButton label={label} icon={<Ellipsis size={17} aria-hidden />} {...toggle} />}
      {open && <MenuList id={id} label={label} items={items} at={() => button()?.getBoundingClientRect()} align={align} side={side} from={open} holder={holder} onClose={close} />}
    </span>
  )
}

/** A menu at a place of the page, e.g. where a row was clicked with the right button; the focus returns to what had it. */
export function ContextMenu({ label, items, at, onClose, testId }: { label: string; items: MenuItem[]; at: Place; onClose: () => void; testId?: string }) {
  const [before] = useState(() => document.activeElement)
  const close = (focus: boolean) => {
    if (focus && before instanceof HTMLElement) before.focus({ preventScroll: true })
    onClose()
  }
  return <MenuList label={label} items={items} at={() => at} align="start" side="bottom" from="first" onClose={close} {...(testId ? { testId } : {})} />
}

/** The edges of what a menu belongs to. */
export type Place = Pick<DOMRect, 'left' | 'right' | 'top' | 'bottom'>

interface ListProps {
  id?: string
  label: string
  items: MenuItem[]
  at: () => Place | undefined
  align: 'start' | 'end'
  side: 'top' | 'bottom'
  from: 'first' | 'last'
  /** A press in here does not close it. */
  holder?: RefObject<HTMLElement | null>
  onClose: (focus: boolean) => void
  testId?: string
}

function MenuList({ id, label, items, at, align, side, from, holder, onClose, testId }: ListProps) {
  const menu = useRef<HTMLDivElement>(null)
  const entries = () => [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
  const place = useRef(at)
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })

  useLayoutEffect(() => {
    const element = menu.current
    const edges = place.current()
    if (!element || !edges) return
    element.showPopover?.()
    const own = element.getBoundingClientRect()
    const fitsBelow = edges.bottom + 4 + own.height < innerHeight
    const fitsAbove = edges.top - 4 - own.height > 0
    const below = side === 'bottom' ? fitsBelow || !fitsAbove : !fitsAbove
    const left = align === 'end' ? edges.right - own.width : edges.left
    element.style.top = `${below ? edges.bottom + 4 : edges.top - 4 - own.height}px`
    element.style.left = `${Math.max(6, Math.min(innerWidth - own.width - 6, left))}px`
    const list = entries()
    ;(from === 'first' ? list[0] : list.at(-1))?.focus()
  }, [from, side, align])

  useEffect(() => {
    const outside = (event: Event) => {
      if (!(holder ?? menu).current?.contains(event.target as Node)) close.current(false)
    }
    const gone = () => close.current(false)
    document.addEventListener('pointerdown', outside, true)
    document.addEventListener('scroll', outside, true)
    addEventListener('resize', gone)
    addEventListener('blur', gone)
    return () => {
      document.removeEventListener('pointerdown', outside, true)
      document.removeEventListener('scroll', outside, true)
      removeEventListener('resize', gone)
      removeEventListener('blur', gone)
    }
  }, [holder])

  const onKeyDown = (event: KeyboardEvent) => {
    const list = entries()
    const active = list.indexOf(document.activeElement as HTMLElement)
    const focus = (index: number) => list[(index + list.length) % list.length]?.focus()
    if (event.key === 'ArrowDown') focus(active + 1)
    else if (event.key === 'ArrowUp') focus(active - 1)
    else if (event.key === 'Home') focus(0)
    else if (event.key === 'End') focus(-1)
    else if (event.key === 'Escape') onClose(true)
    else if (event.key === 'Tab') {
      onClose(true)
      return
    } else if (event.key.length === 1 && event.key !== ' ') {
      const letter = event.key.toLowerCase()
      const found = [...list.slice(active + 1), ...list].find((item) => item.textContent?.toLowerCase().startsWith(letter))
      found?.focus()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div ref={menu} id={id} role="menu" aria-label={label} className="menu" popover="manual" onKeyDown={onKeyDown} onContextMenu={(event) => event.preventDefault()} data-testid={testId}>
      {items.map((item) => (
        <div key={item.label} role="presentation">
          {item.separated && <div className="menu-line" role="separator" />}
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={classes('menu-item', item.danger && 'menu-danger')}
            onPointerMove={(event) => event.currentTarget.focus({ preventScroll: true })}
            onClick={(event) => {
              event.stopPropagation()
              onClose(true)
              item.onSelect()
            }}
            data-testid={item.testId}
          >
            {item.icon}
            {item.label}
            {item.keys && <kbd aria-hidden data-keys={item.keys} />}
          </button>
        </div>
      ))}
    </div>
  )
}

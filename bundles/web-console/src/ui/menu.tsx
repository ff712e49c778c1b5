import { Ellipsis } from 'lucide-react'
import { cloneElement, useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactElement, type ReactNode } from 'react'
import { classes } from './basics'
import { IconButton } from './iconbutton'

export interface MenuItem {
  label: string
  icon?: ReactNode
  onSelect: () => void
  danger?: boolean
  testId?: string
  separated?: boolean
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
  const menu = useRef<HTMLDivElement>(null)
  const id = useId()
  const button = () => holder.current?.querySelector('button')
  const entries = () => [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
  const close = (focus: boolean) => {
    setOpen(undefined)
    if (focus) button()?.focus()
  }

  useLayoutEffect(() => {
    const element = menu.current
    const at = button()?.getBoundingClientRect()
    if (!open || !element || !at) return
    element.showPopover?.()
    const own = element.getBoundingClientRect()
    const fitsBelow = at.bottom + 4 + own.height < innerHeight
    const fitsAbove = at.top - 4 - own.height > 0
    const below = side === 'bottom' ? fitsBelow || !fitsAbove : !fitsAbove
    const left = align === 'end' ? at.right - own.width : at.left
    element.style.top = `${below ? at.bottom + 4 : at.top - 4 - own.height}px`
    element.style.left = `${Math.max(6, Math.min(innerWidth - own.width - 6, left))}px`
    const list = entries()
    ;(open === 'first' ? list[0] : list.at(-1))?.focus()
  }, [open, side, align])

  useEffect(() => {
    if (!open) return
    const outside = (event: Event) => {
      if (!holder.current?.contains(event.target as Node)) setOpen(undefined)
    }
    const gone = () => setOpen(undefined)
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
  }, [open])

  const onKeyDown = (event: KeyboardEvent) => {
    const list = entries()
    const at = list.indexOf(document.activeElement as HTMLElement)
    const focus = (index: number) => list[(index + list.length) % list.length]?.focus()
    if (event.key === 'ArrowDown') focus(at + 1)
    else if (event.key === 'ArrowUp') focus(at - 1)
    else if (event.key === 'Home') focus(0)
    else if (event.key === 'End') focus(-1)
    else if (event.key === 'Escape') close(true)
    else if (event.key === 'Tab') {
      close(true)
      return
    } else if (event.key.length === 1 && event.key !== ' ') {
      const letter = event.key.toLowerCase()
      const found = [...list.slice(at + 1), ...list].find((item) => item.textContent?.toLowerCase().startsWith(letter))
      found?.focus()
    } else return
    event.preventDefault()
    event.stopPropagation()
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
      {open && (
        <div ref={menu} id={id} role="menu" aria-label={label} className="menu" popover="manual" onKeyDown={onKeyDown}>
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
                  close(true)
                  item.onSelect()
                }}
                data-testid={item.testId}
              >
                {item.icon}
                {item.label}
              </button>
            </div>
          ))}
        </div>
      )}
    </span>
  )
}

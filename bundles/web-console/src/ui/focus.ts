import { useState } from 'react'

/** Where the focus was, and the places of that in what was around it, inner first: the element may be gone when the focus returns. */
interface Place {
  element: HTMLElement
  around: { parent: Element; index: number }[]
}

const DIALOG = '[role=dialog], [role=alertdialog]'
const FOCUSABLE = 'button, a[href], input, select, textarea, [tabindex="0"]'

/** Outside of dialogs and menus. */
let outside: Place | undefined
/** In each dialog; the one that had the focus last comes last. */
const inside = new Map<Element, Place>()

function remember({ target }: FocusEvent): void {
  // A menu returns the focus by itself, a message does not keep it; guards hold it only for a moment.
  if (!(target instanceof HTMLElement) || target === document.body || target.closest('[role=menu], .toasts, [data-base-ui-focus-guard]')) return
  const around: Place['around'] = []
  for (let child: Element = target, parent = target.parentElement; parent; child = parent, parent = parent.parentElement) {
    around.push({ parent, index: [...parent.children].indexOf(child) })
  }
  const dialog = target.closest(DIALOG)
  if (dialog === null) {
    outside = { element: target, around }
    return
  }
  inside.delete(dialog)
  inside.set(dialog, { element: target, around })
  for (const other of inside.keys()) if (!other.isConnected) inside.delete(other)
}

if (typeof document !== 'undefined') {
  document.addEventListener('focusin', remember, true)
  document.addEventListener('click', mend, true)
}

function usable(element: HTMLElement): boolean {
  return element.isConnected && !element.matches(':disabled') && (element.checkVisibility?.() ?? true)
}

/** The element itself, or what is usable nearest to where it was, or the page. */
function target(place: Place | undefined): HTMLElement | null {
  const page = document.getElementById('main')
  if (!place) return page
  if (usable(place.element)) return place.element
  const at = place.around.find(({ parent }) => parent.isConnected)
  if (!at || at.parent.contains(page)) return page
  const children = [...at.parent.children]
  for (const child of [...children.slice(at.index), ...children.slice(0, at.index).reverse()]) {
    const found = [child, ...child.querySelectorAll(FOCUSABLE)].find((each) => each instanceof HTMLElement && each.matches(FOCUSABLE) && usable(each))
    if (found) return found as HTMLElement
  }
  return page
}

/** Gives the focus to where it was last: in the dialog on top, else on the page. */
function restore(): void {
  const open = [...document.querySelectorAll(DIALOG)].filter((dialog) => !dialog.hasAttribute('data-closed'))
  const below = [...inside].findLast(([dialog]) => open.includes(dialog))
  // A dialog that has just opened takes the focus by itself.
  if (open.length === 0 || below) target(below?.[1] ?? outside)?.focus({ preventScroll: true })
}

function isNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}

/** A button that goes when it is pressed, as that of a row or a message, takes the focus along: a neighbour gets it. */
function mend({ target: pressed }: MouseEvent): void {
  setTimeout(() => {
    if (isNowhere() && pressed instanceof Node && !pressed.isConnected) restore()
  })
}

/**
 * For the popup of a dialog: when it closes, the focus returns to what opened it. That may be gone by then, as a row that was deleted, or
 * may have been in another dialog that has closed too: then the focus goes to a neighbour, never to nowhere.
 */
export function useFocusReturn(): { ref: (popup: HTMLElement | null) => void; finalFocus: () => false } {
  const [props] = useState(() => {
    let popup: HTMLElement | undefined
    return {
      ref: (element: HTMLElement | null) => {
        popup = element ?? popup
      },
      finalFocus: () => {
        const closed = popup
        // Only then is it known what goes together with the dialog. It may also be there still: something else about it has changed.
        queueMicrotask(() => {
          if (!closed?.isConnected && isNowhere()) restore()
        })
        return false as const
      },
    }
  })
  return props
}

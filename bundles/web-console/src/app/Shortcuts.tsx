import { t, type Key } from '../i18n'
import { Button } from '../ui/basics'
import { Dialog } from '../ui/overlays'

const GROUPS: { title: Key; keys: { names: () => string[]; text: Key }[] }[] = [
  {
    title: 'keys.everywhere',
    keys: [
      { names: () => ['Ctrl K'], text: 'keys.palette' },
      { names: () => ['/'], text: 'keys.search' },
      { names: () => ['Esc'], text: 'keys.escape' },
      { names: () => ['?'], text: 'keys.help' },
    ],
  },
  {
    title: 'keys.tree',
    keys: [
      { names: () => ['↑', '↓'], text: 'keys.walk' },
      { names: () => ['→', '←'], text: 'keys.branch' },
      { names: () => ['Home', 'End'], text: 'keys.ends' },
      { names: () => ['A … Z'], text: 'keys.letters' },
      { names: () => ['Enter'], text: 'keys.open' },
      { names: () => ['F2'], text: 'keys.rename' },
      { names: () => ['F6'], text: 'keys.move' },
      { names: () => [t('key.delete')], text: 'keys.delete' },
      { names: () => ['Shift F10'], text: 'keys.menu' },
    ],
  },
  {
    title: 'keys.tables',
    keys: [
      { names: () => ['↑', '↓'], text: 'keys.walk' },
      { names: () => ['Enter'], text: 'keys.open' },
      { names: () => ['J', 'K'], text: 'keys.violations' },
    ],
  },
]

/** What the keys do. `?` shows it from everywhere. */
export function Shortcuts({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('keys.title')}
      testId="shortcuts"
      footer={
        <Button variant="primary" onClick={onClose}>
          {t('close')}
        </Button>
      }
    >
      {GROUPS.map((group) => (
        <section key={group.title} aria-label={t(group.title)}>
          <h3 className="dialog-section">{t(group.title)}</h3>
          <dl className="keys">
            {group.keys.map(({ names, text }) => (
              <div key={text}>
                <dt>
                  {names().map((name) => (
                    <kbd key={name}>{name}</kbd>
                  ))}
                </dt>
                <dd>{t(text)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}

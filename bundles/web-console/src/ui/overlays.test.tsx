import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { expect, it, vi } from 'vitest'
import { Button, Field, Input, Note } from './basics'
import { Dialog } from './overlays'

function Form({ refuse }: { refuse?: boolean }) {
  const [tried, setTried] = useState(false)
  const [failure, setFailure] = useState<Error>()
  return (
    <Dialog
      open
      onClose={() => undefined}
      title="Form"
      failure={failure}
      onSubmit={() => {
        setTried(true)
        if (refuse) setTimeout(() => setFailure(new Error('refused by the server')))
      }}
      footer={<Button type="submit">Save</Button>}
    >
      {failure && <Note tone="err">{failure.message}</Note>}
      <Field label="Fine">{(props) => <Input {...props} />}</Field>
      <Field label="Wrong" error={tried && !refuse ? 'is missing' : undefined}>{(props) => <Input {...props} />}</Field>
    </Dialog>
  )
}

it('a mistake in the form is scrolled to and focused when it is submitted', async () => {
  const scrolled = vi.fn()
  Element.prototype.scrollIntoView = scrolled
  render(<Form />)

  await userEvent.click(screen.getByRole('button', { name: 'Save' }))

  expect(document.activeElement).toBe(screen.getByLabelText('Wrong'))
  expect(scrolled).toHaveBeenCalled()
})

it('what the server refuses later is scrolled to and focused as well', async () => {
  render(<Form refuse />)

  await userEvent.click(screen.getByRole('button', { name: 'Save' }))

  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('alert')))
})

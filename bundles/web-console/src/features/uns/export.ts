import { download } from '../../api/client'
import { saveFile } from '../../ui/basics'
import { toast } from '../../ui/toast'

/** Saves a branch, or everything, as a file that can be imported again. */
export function exportBranch(path: string | undefined): void {
  download(`/namespace/export${path ? `?path=${encodeURIComponent(path)}` : ''}`).then(
    (file) => saveFile(`${path ? path.replaceAll('/', '_') : 'namespace'}.json`, JSON.stringify(JSON.parse(file.text), null, 2), 'application/json'),
    (error: Error) => toast({ kind: 'error', text: error.message }),
  )
}
